// Issues about what a call could not promote: exactly one per image, opened, updated, closed. Whatever fails here was
// written before or is not: the next run starts from what is there.
import { CsscError } from "../errors.js"
import { type Digest, parseDigest } from "../oci/digest.js"
import type { ImageOutcome, Outcomes } from "../outcomes/read-outcomes.js"
import { idsDigest, imageKey, remainingOf, runKey } from "./asked.js"
import { decideIssue } from "./decide-issue.js"
import { type Account, allLabels, type Forge, type Issue, labels } from "./forge.js"
import { blockedText, commentText, failedText, type HowTo, type IssueText } from "./issue-text.js"
import { marksOf } from "./mark.js"
import { code } from "./markdown.js"
import { closeDuplicates } from "./own-issues.js"

export type ApprovalRequest = HowTo & {
  /** Whoever started the run that asks; "" where nobody did, as on a schedule. */
  readonly actor: string
  /** The name of the run's own issue. */
  readonly run: string
  /** The run ended without results. */
  readonly crashed: boolean
  readonly now: Date
}

export type IssueDone = {
  readonly what: string
  readonly issue?: number
  readonly done: "opened" | "asked" | "closed" | "left"
}

type Work = { readonly forge: Forge; readonly self: Account; readonly request: ApprovalRequest }

/** Does it image by image; an answer of the forge that is none ends it, and says how far it came. */
export async function requestApproval(
  forge: Forge,
  outcomes: Outcomes,
  request: ApprovalRequest,
): Promise<readonly IssueDone[]> {
  const self = await forge.self()
  const work = { forge, self, request }
  const known = await closeDuplicates(forge, self)
  const done: IssueDone[] = []
  const steps = [
    ...judged(outcomes).map(
      ([key, image]) =>
        () =>
          oneImage(work, key, image, known.get(key)),
    ),
    () => theRun(work, outcomes, known.get(runKey(request.run))),
  ]
  for (const step of steps) done.push(await step().catch((error: unknown) => stopped(error, done.length, steps.length)))
  // Two runs at once may both have opened one: the older stays.
  if (done.some((one) => one.done === "opened")) await closeDuplicates(forge, self)
  return done
}

function stopped(error: unknown, at: number, all: number): never {
  if (!(error instanceof CsscError)) throw error
  throw new CsscError(error.code, `${error.reason}; ${at} of ${all} steps were done: run again`, { cause: error })
}

// The last word about an image counts, when there are two in one result.
function judged({ images }: Outcomes): (readonly [string, ImageOutcome])[] {
  const told = images.filter(
    ({ kind, verdict }) => (kind === "judged" || kind === "promotion") && verdict !== undefined,
  )
  return [...new Map(told.map((image) => [imageKey(image.reference), image] as const))]
}

async function oneImage(work: Work, key: string, image: ImageOutcome, issue: Issue | undefined): Promise<IssueDone> {
  const { forge, self, request } = work
  const digest = parseDigest(image.digest ?? "")
  const remaining = remainingOf(image)
  const known = { passed: image.passed, digest, remaining }
  const needsMarks = issue !== undefined && !image.passed
  const marks = needsMarks ? marksOf(await forge.comments(issue.number), self, key) : []
  const decision = decideIssue(known, issue?.open, marks, request.now)
  if (decision.kind === "leave") return { what: key, ...numberOf(issue), done: "left" }
  if (decision.kind === "close") return close(work, key, issue, `${code(digest)} passes now.`)
  const asked = await ask(work, blockedText(key, image, request), issue)
  if (decision.record) await record(work, { key, digest, remaining }, asked.issue)
  return { what: key, issue: asked.issue.number, done: asked.opened ? "opened" : "asked" }
}

// Who asked for what: answers are about the newest one, which nobody can edit unseen.
async function record(
  { forge, request }: Work,
  { key, digest, remaining }: { key: string; digest: Digest; remaining: readonly string[] },
  issue: Issue,
): Promise<void> {
  const { actor, now } = request
  const mark = { kind: "request", key, digest, ids: idsDigest(remaining), actor, asked: now.toISOString() } as const
  const what = remaining.length === 0 ? "for reasons that no approval lifts" : `by ${remaining.length} vulnerabilities`
  await forge.say(
    issue.number,
    commentText(mark, `Blocked: ${code(digest)}, ${what}. Answers from here on are about it.`),
  )
}

async function ask({ forge, self }: Work, text: IssueText, issue: Issue | undefined) {
  if (issue === undefined) {
    const opened = await forge.openIssue({ ...text, label: labels.pending })
    // Else the next run would not find it, and open another.
    if (opened.author?.id !== self.id)
      throw new CsscError(
        "FORGE_REFUSED",
        `issue ${opened.number} was opened in another name than ${self.name}: close it`,
      )
    return { issue: opened, opened: true } as const
  }
  const ours = issue.labels.filter((label) => allLabels.includes(label))
  const isSame =
    issue.open && issue.body.trim() === text.body.trim() && issue.title === text.title && ours.join() === labels.pending
  if (!isSame) await forge.changeIssue(issue, { ...text, open: true, label: labels.pending })
  return { issue, opened: false } as const
}

async function theRun(work: Work, { images }: Outcomes, issue: Issue | undefined): Promise<IssueDone> {
  const { request } = work
  const [key, failed] = [runKey(request.run), images.filter(({ kind }) => kind === "failed")]
  if (!request.crashed && failed.length === 0)
    return issue?.open === true ? close(work, key, issue, "The run is good again.") : { what: key, done: "left" }
  const text = failedText(key, request.run, failed, request.runUrl)
  const asked = await ask(work, text, issue)
  return { what: key, issue: asked.issue.number, done: asked.opened ? "opened" : "asked" }
}

async function close({ forge }: Work, key: string, issue: Issue | undefined, word: string): Promise<IssueDone> {
  if (issue === undefined) return { what: key, done: "left" }
  await forge.say(issue.number, commentText({ kind: "note", key }, word))
  await forge.changeIssue(issue, { open: false })
  return { what: key, issue: issue.number, done: "closed" }
}

function numberOf(issue: Issue | undefined) {
  return issue === undefined ? {} : { issue: issue.number }
}
