// A page as Markdown, for a job's summary or a comment on a forge.
import { ageOf, momentOf } from "./age.js"
import { escapeCode, escapeHtml, escapeText } from "./markdown-escape.js"
import { markdownTable } from "./markdown-table.js"
import { type Block, type Content, type Inline, inlines, type Page, type Sign, type Table } from "./page.js"
import { safeUrl } from "./safe-url.js"

/** Fits into a comment on an issue or merge request of every forge. */
export const maxMarkdownLength = 60_000
export const cutNote = "_Cut here: the rest is in the JSON beside this summary._"
const signs: Readonly<Record<Sign, string>> = { good: "✅", bad: "⛔", unknown: "❔", same: "➖" }

/** Ages are told as of `now`. What does not fit is left out by whole blocks, and said. */
export function toMarkdown(page: Page, { now }: { readonly now: Date }): string {
  const blocks: string[] = []
  let length = cutNote.length + 3
  for (const block of page) {
    const text = blockText(block, now)
    length += text.length + 2
    if (length > maxMarkdownLength) return `${[...blocks, cutNote].join("\n\n")}\n`
    blocks.push(text)
  }
  return `${blocks.join("\n\n")}\n`
}

function blockText(block: Block, now: Date): string {
  const text = (content: Content) => spans(content, now)
  switch (block.kind) {
    case "heading":
      return `${"#".repeat(block.level)} ${text(block.content)}`
    case "paragraph":
      return text(block.content)
    case "quote":
      return block.lines.map((line) => `> ${text(line)}`).join("\n>\n")
    case "list":
      return block.items.map((item) => `- ${text(item)}`).join("\n")
    case "facts":
      return tableText({ kind: "table", header: ["", ""], rows: block.rows }, now)
    case "table":
      return tableText(block, now)
    case "fence":
      return fenceText(block.language, block.text)
    case "fold": {
      const inner = block.blocks.map((one) => blockText(one, now)).join("\n\n")
      return `<details>\n<summary>${escapeHtml(block.title)}</summary>\n\n${inner}\n\n</details>`
    }
  }
}

function tableText({ header, rows, rest }: Table, now: Date): string {
  const cells = rows.map((row) => row.map((cell) => spans(cell, now) || "–"))
  const more = rest === undefined ? "" : `\n\n_and ${rest} more_`
  return `${markdownTable(header, cells)}${more}`
}

// The fence is longer than any inside.
function fenceText(language: string, text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length))
  const fence = "`".repeat(longest + 1)
  return `${fence}${language}\n${text.trimEnd()}\n${fence}`
}

function spans(content: Content, now: Date): string {
  return inlines(content)
    .map((inline) => span(inline, now))
    .join("")
}

function span(inline: Inline, now: Date): string {
  if (typeof inline === "string") return escapeText(inline)
  switch (inline.kind) {
    case "code":
      return escapeCode(inline.text)
    case "mark": {
      const text = escapeText(inline.text).trim()
      return text === "" || inline.tone === "good" || inline.tone === "faint" ? text : `**${text}**`
    }
    case "sign":
      return signs[inline.sign]
    case "link": {
      const url = safeUrl(inline.url)
      return url === undefined ? escapeCode(inline.text) : `[${escapeCode(inline.text)}](${url})`
    }
    case "time":
      return escapeText(timeText(inline.at, now))
  }
}

function timeText(at: string, now: Date): string {
  return Number.isNaN(Date.parse(at)) ? at : `${ageOf(at, now)} (${momentOf(at)})`
}
