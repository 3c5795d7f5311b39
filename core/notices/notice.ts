// What people are told of results, before it is put into the form of one messenger: short lines of clean text.
import { cleanLine } from "../clean-line.js"
import type { ImageOutcome, Outcomes } from "../outcomes/read-outcomes.js"

export type NoticeLine = { readonly image: string; readonly outcome: string; readonly why: string }

export type Notice = {
  readonly title: string
  /** Something was blocked or failed. */
  readonly bad: boolean
  /** What did not pass, then the rest: the first twenty. */
  readonly lines: readonly NoticeLine[]
  readonly more: number
  /** Only http and https. */
  readonly link?: string
}

const maxLines = 20
const maxImage = 160
const maxWhy = 160
const maxTitle = 140
const maxLink = 2000

export function noticeOf({ name, images }: Outcomes, runUrl: string): Notice {
  const bad = images.filter(({ passed }) => !passed)
  const ordered = [...bad, ...images.filter(({ passed }) => passed)]
  const link = linkOf(runUrl)
  return {
    title: cut(`${tally(images)}: ${name}`, maxTitle),
    bad: bad.length > 0,
    lines: ordered.slice(0, maxLines).map(lineOf),
    more: Math.max(0, ordered.length - maxLines),
    ...(link === undefined ? {} : { link }),
  }
}

/** A line of it, for messengers that know no tables. */
export function lineText({ image, outcome, why }: NoticeLine): string {
  return `${outcome}: ${image}${why === "" ? "" : ` (${why})`}`
}

function lineOf({ reference, outcome, verdict, error }: ImageOutcome): NoticeLine {
  const first = verdict?.reasons.find(({ effect }) => effect === "block")?.message
  return { image: cut(reference, maxImage), outcome: cut(outcome, 40), why: cut(error ?? first ?? "", maxWhy) }
}

function tally(images: readonly ImageOutcome[]): string {
  if (images.length === 0) return "Nothing was done"
  const failed = images.filter(({ kind }) => kind === "failed").length
  const passed = images.filter((image) => image.passed).length
  const parts = [
    [failed, "failed"],
    [images.length - passed - failed, "blocked"],
    [passed, "good"],
  ] as const
  return parts
    .filter(([count]) => count > 0)
    .map(([count, word]) => `${count} ${word}`)
    .join(", ")
}

// Never another scheme: a button is pressed without looking.
function linkOf(url: string): string | undefined {
  if (url.length > maxLink || !URL.canParse(url)) return undefined
  return ["https:", "http:"].includes(new URL(url).protocol) ? new URL(url).href : undefined
}

function cut(text: string, maxLength: number): string {
  const line = cleanLine(text).replace(/\s+/g, " ").trim()
  return line.length <= maxLength ? line : `${line.slice(0, maxLength - 1).replace(/[\ud800-\udbff]$/, "")}…`
}
