// One comment of ours on a merge request (GitHub: pull request), that says where it stands and is written anew each time.
import type { Forge } from "../approval/forge.js"
import { commentText } from "../approval/issue-text.js"
import { readMark } from "../approval/mark.js"
import { cleanLine } from "../clean-line.js"
import type { Outcomes } from "../outcomes/read-outcomes.js"
import { type Block, code, heading, link, type Page, paragraph, signed, table } from "../page/page.js"
import { toMarkdown } from "../page/to-markdown.js"
import { noticeOf } from "./notice.js"

/** A check of a policy or its cases, as it prints. */
export type CheckText = { readonly title: string; readonly passed: boolean; readonly text: string }

export type MergeComment = {
  /** What the comment is found by again: two jobs with two names have two. */
  readonly name: string
  readonly checks: readonly CheckText[]
  readonly outcomes?: Outcomes
  readonly runUrl: string
  readonly now: Date
}

const maxLines = 200

/** Writes it, or another text into the one that is there; one that says the same is left. */
export async function commentOn(
  forge: Forge,
  request: number,
  comment: MergeComment,
): Promise<"commented" | "updated" | "left"> {
  const [self, comments] = await Promise.all([forge.self(), forge.notes(request)])
  const key = `merge ${comment.name}`
  const mark = { kind: "note", key } as const
  const body = commentText(mark, toMarkdown(pageOf(comment), { now: comment.now }).trim())
  const ours = comments.find((one) => one.author?.id === self.id && readMark(one.body)?.key === key)
  if (ours?.body.trim() === body.trim()) return "left"
  await forge.note(request, body, ours?.id)
  return ours === undefined ? "commented" : "updated"
}

function pageOf({ name, checks, outcomes, runUrl }: MergeComment): Page {
  const run = runUrl === "" ? [] : [paragraph("Run: ", link(runUrl, runUrl))]
  return [
    heading(3, name),
    ...checks.flatMap(checkBlocks),
    ...(outcomes === undefined ? [] : results(outcomes)),
    ...run,
  ]
}

function checkBlocks({ title, passed, text }: CheckText): Block[] {
  const lines = text.trimEnd().split("\n")
  const shown = lines.slice(0, maxLines).map(cleanLine)
  const rest = lines.length - shown.length
  const all = [...shown, ...(rest > 0 ? [`and ${rest} more lines`] : [])].join("\n")
  const told: Block[] = [
    paragraph(signed(passed ? "good" : "bad"), ` ${title}`),
    { kind: "fence", language: "text", text: all },
  ]
  return passed ? told.slice(0, 1) : told
}

function results(outcomes: Outcomes): Block[] {
  const { title, lines, more, bad } = noticeOf(outcomes, "")
  const rows = lines.map(({ image, outcome, why }) => [code(image), outcome, why])
  const shown = { ...table(["Image", "Outcome", "Why"], rows), ...(more > 0 ? { rest: more } : {}) }
  return [paragraph(signed(bad ? "bad" : "good"), ` ${title}`), ...(rows.length === 0 ? [] : [shown])]
}
