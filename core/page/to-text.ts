// A page as text for a terminal: columns that line up, colour where it is wanted, addresses that can be clicked as they are.
import { createColors } from "picocolors"
import stringWidth from "string-width"
import { cleanLine } from "../clean-line.js"
import { ageOf } from "./age.js"
import { type Block, type Content, type Inline, inlines, type Page, type Sign, type Table, type Tone } from "./page.js"
import { safeUrl } from "./safe-url.js"

export type TextOptions = { readonly colour: boolean; readonly now: Date }

type Painter = ReturnType<typeof createColors>
type Form = { readonly paint: Painter; readonly now: Date }
type Part = { readonly text: string; readonly shown: string }

const maxCellWidth = 72
const gap = "  "
const signs: Readonly<Record<Sign, readonly [string, Tone]>> = {
  good: ["✔", "good"],
  bad: ["✘", "bad"],
  unknown: ["?", "warn"],
  same: ["–", "faint"],
}

/** Nothing of a stranger's text reaches the terminal but characters that are seen. */
export function toText(page: Page, { colour, now }: TextOptions): string {
  const form = { paint: createColors(colour), now }
  const texts = page.map((block, place) => {
    const together = block.kind === "fold" && page[place - 1]?.kind === "fold"
    return `${place === 0 ? "" : together ? "\n" : "\n\n"}${blockLines(block, form).join("\n")}`
  })
  return `${texts.join("")}\n`
}

function blockLines(block: Block, form: Form): string[] {
  const text = (content: Content) => shownOf(content, form)
  switch (block.kind) {
    case "heading":
      return [form.paint.bold(text(block.content))]
    case "paragraph":
      return [text(block.content)]
    case "quote":
      return block.lines.map((line) => `${form.paint.yellow("│")} ${text(line)}`)
    case "list":
      return block.items.map((item) => `  • ${text(item)}`)
    case "facts":
      return tableLines({ kind: "table", header: [], rows: block.rows }, form)
    case "table":
      return tableLines(block, form)
    case "fence":
      return block.text.trimEnd().split("\n").map(indented)
    case "fold":
      return [form.paint.dim(`▸ ${cleanLine(block.title)}`)]
  }
}

// An indentation is part of what is pasted.
function indented(line: string): string {
  const [indent = ""] = /^ */.exec(line) ?? []
  return indent + cleanLine(line.slice(indent.length))
}

function tableLines({ header, rows, rest, below = [], wide = 0 }: Table, form: Form): string[] {
  const body = rows.map((row) => row.slice(0, row.length - wide).map((cell) => cellOf(cell, form)))
  const head = header.slice(0, header.length - wide).map((name) => ({ text: name, shown: form.paint.dim(name) }))
  const all = head.length === 0 ? body : [head, ...body]
  const widths = (all[0] ?? []).map((_, column) => Math.max(...all.map((row) => stringWidth(row[column]?.text ?? ""))))
  const lines = all.map((row) =>
    `  ${row.map((part, column) => padded(part, widths[column] ?? 0)).join(gap)}`.trimEnd(),
  )
  const noted = lines.flatMap((line, place) => {
    const note = below[place - (head.length === 0 ? 0 : 1)] ?? ""
    return note === "" ? [line] : [line, `      ${form.paint.dim(cleanLine(note))}`]
  })
  return rest === undefined ? noted : [...noted, `  and ${rest} more`]
}

function padded({ text, shown }: Part, width: number): string {
  return shown + " ".repeat(Math.max(0, width - stringWidth(text)))
}

// What is too wide loses its colour with its end.
function cellOf(content: Content, form: Form): Part {
  const parts = inlines(content).map((inline) => partOf(inline, form))
  const text = parts.map((part) => part.text).join("")
  if (stringWidth(text) <= maxCellWidth) return { text, shown: parts.map(({ shown }) => shown).join("") }
  const cut = `${[...text].slice(0, maxCellWidth - 1).join("")}…`
  return { text: cut, shown: cut }
}

function shownOf(content: Content, form: Form): string {
  return inlines(content)
    .map((inline) => partOf(inline, form).shown)
    .join("")
}

function partOf(inline: Inline, { paint, now }: Form): Part {
  if (typeof inline === "string") return same(cleanLine(inline))
  switch (inline.kind) {
    case "code":
      return same(cleanLine(inline.text.trim()) || "–")
    case "mark":
      return painted(cleanLine(inline.text), inline.tone, paint)
    case "sign":
      return painted(...signs[inline.sign], paint)
    case "link": {
      const text = cleanLine(inline.text)
      return same(text === inline.url ? (safeUrl(inline.url) ?? text) : text)
    }
    case "time":
      return same(cleanLine(ageOf(inline.at, now)))
  }
}

function same(text: string): Part {
  return { text, shown: text }
}

function painted(text: string, tone: Tone, paint: Painter): Part {
  const colours = { good: paint.green, bad: paint.red, warn: paint.yellow, faint: paint.dim, strong: paint.bold }
  return { text, shown: text === "" ? "" : colours[tone](text) }
}
