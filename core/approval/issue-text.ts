// What our issues say: for people to read, and for nobody to act on. Names and titles of strangers are text on a line of
// ours, so none begins a line, which GitLab would read as a command to it.
import { visible } from "../clean-line.js"
import type { ImageOutcome } from "../outcomes/read-outcomes.js"
import { markdownTable } from "../page/markdown-table.js"
import { isVulnerabilityId } from "../policy/exceptions/vulnerability-id.js"
import { approveForm, denyForm, maxIds } from "./command.js"
import { type Mark, writeMark } from "./mark.js"
import { code, cutDocument, plain } from "./markdown.js"

/** GitHub takes 65,536 characters, GitLab more; the rest is for what a forge counts otherwise. */
export const maxBodyLength = 60_000
const maxTitleLength = 200
const maxReasons = 20
const maxRows = 100

export type IssueText = { readonly title: string; readonly body: string }

/** Who may answer, by the policy. */
export type HowTo = { readonly role: "maintain" | "admin"; readonly runUrl: string }

/** The issue of one blocked image. It has no time in it: what stays the same is not written again. */
export function blockedText(key: string, image: ImageOutcome, howTo: HowTo): IssueText {
  const { reference, digest = "", verdict, outcome } = image
  const parts = [
    writeMark({ kind: "issue", key }),
    `**${code(nameOf(reference))} may not be promoted: ${plain(outcome)}**`,
    `Digest: ${code(digest)}`,
    ...runLine(howTo.runUrl),
    ...answerPart(image, howTo),
    "### Why",
    ...(verdict === undefined ? [] : [reasonList(verdict.reasons)]),
    ...findingPart(image),
  ]
  return { title: titleOf(`Promotion blocked: ${nameOf(reference)}`), body: join(parts) }
}

/** The issue of a run that failed. */
export function failedText(key: string, name: string, failed: readonly ImageOutcome[], runUrl: string): IssueText {
  const rows = failed
    .slice(0, maxRows)
    .map(({ reference, error = "it failed" }) => `- ${code(reference)}: ${plain(error)}`)
  const rest = failed.length - rows.length
  const parts = [
    writeMark({ kind: "issue", key }),
    `**The run ${code(name)} failed.** It closes itself with the next one that does not.`,
    ...runLine(runUrl),
    ...(rows.length === 0 ? ["The job ended without results: see its log."] : [rows.join("\n")]),
    ...(rest > 0 ? [`_and ${rest} more_`] : []),
  ]
  return { title: titleOf(`Run failed: ${visible(name)}`), body: join(parts) }
}

/** A comment of ours: the mark, and one sentence whose foreign parts are escaped already. */
export function commentText(mark: Mark, sentence: string): string {
  return join([writeMark(mark), sentence])
}

function answerPart({ verdict, digest = "" }: ImageOutcome, { role }: HowTo): string[] {
  const ids = (verdict?.remaining ?? []).filter(isVulnerabilityId)
  if (ids.length === 0)
    return ["### No approval can lift this", "It is not blocked by vulnerabilities alone: see below what to do."]
  if (ids.length > maxIds) return ["### Too many for an approval", `It would have to name ${ids.length}.`]
  return [
    "### To decide",
    `Somebody with the role ${role} or above writes one comment with one line and nothing else, each vulnerability by its id:`,
    fence(approveForm.replace("CVE-… [CVE-…]", ids.join(" "))),
    "or, so that nobody asks again about this digest:",
    fence(denyForm),
    `This text decides nothing: the digest ${code(digest)} is judged again, and who writes is asked of the API.`,
  ]
}

function findingPart({ verdict }: ImageOutcome): string[] {
  const blocking = (verdict?.findings ?? []).filter(({ judgement }) => judgement === "blocking")
  if (blocking.length === 0) return []
  const rows = new Map<string, string[]>()
  for (const { id, severity, package: name, version, fixedVersion, title = "" } of blocking) {
    const fixed = fixedVersion === undefined ? "no fix" : code(fixedVersion)
    rows.set(`${id} ${name} ${version}`, [code(id), plain(severity), code(`${name} ${version}`), fixed, plain(title)])
  }
  const rest = rows.size - maxRows
  return [
    markdownTable(["Vulnerability", "Severity", "Package", "Fixed in", "What"], [...rows.values()].slice(0, maxRows)),
    ...(rest > 0 ? [`_and ${rest} more in the verdict_`] : []),
  ]
}

function reasonList(reasons: readonly { readonly code: string; readonly effect: string; readonly message: string }[]) {
  const blocking = reasons.filter(({ effect }) => effect === "block")
  const lines = blocking.slice(0, maxReasons).map((reason) => `- ${code(reason.code)}: ${plain(reason.message)}`)
  const rest = blocking.length - lines.length
  return [...lines, ...(rest > 0 ? [`- _and ${rest} more in the verdict_`] : [])].join("\n")
}

function runLine(url: string): string[] {
  return url === "" ? [] : [`Run: ${code(url)}`]
}

// The ids are checked: nothing in them ends a fence.
function fence(line: string): string {
  return `\`\`\`text\n${line}\n\`\`\``
}

function nameOf(reference: string): string {
  return reference.replace(/@sha\d+:[0-9a-f]+$/, "")
}

function titleOf(text: string): string {
  const line = visible(text).replace(/\s+/g, " ").trim()
  return line.length <= maxTitleLength ? line : `${line.slice(0, maxTitleLength - 1).replace(/[\ud800-\udbff]$/, "")}…`
}

function join(parts: readonly string[]): string {
  return cutDocument(`${parts.join("\n\n")}\n`, maxBodyLength)
}
