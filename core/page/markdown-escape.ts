// Text from images, reports and registries in Markdown. It is hostile: it must not draw tables, run HTML, mention
// people, make links, or reverse the direction of what follows.
import { visible } from "../clean-line.js"

const maxCodeLength = 160
const maxTextLength = 400
const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  "@": "&#64;",
  ":": "&#58;",
  ".": "&#46;",
}

// Round brackets mean something behind square ones. Forges make links of what has a scheme, and of hosts that are called www.
const acted = /[\\`*_{}[\]#+!|~$<>&@]|:(?=\/\/)|(?<=\])\(|(?<=\bwww)\./gi

/**
 * An identifier as a code span, safe in a table cell. A pipe becomes a broken bar: tables split at pipes before they
 * read code spans, and a backslash of the text's own would undo an escape.
 */
export function escapeCode(text: string): string {
  const clean = cut(oneLine(text).trim(), maxCodeLength).replace(/`/g, "'").replace(/\|/g, "¦")
  return clean === "" ? "–" : `\`${clean}\``
}

/** Free text on one line, with nothing in it that Markdown or HTML would act on; a space at its ends stays. */
export function escapeText(text: string): string {
  return cut(oneLine(text), maxTextLength).replace(acted, (char) => entities[char] ?? `\\${char}`)
}

/** Text inside an HTML element of a page, where Markdown is not read. */
export function escapeHtml(text: string): string {
  return cut(oneLine(text), maxTextLength).replace(/[&<>@]/g, (char) => entities[char] ?? char)
}

function oneLine(text: string): string {
  return visible(text).replace(/\s+/g, " ")
}

function cut(text: string, maxLength: number): string {
  return text.length <= maxLength ? text : `${text.slice(0, maxLength - 1).replace(/[\ud800-\udbff]$/, "")}…`
}
