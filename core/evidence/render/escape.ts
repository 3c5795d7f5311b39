// Text from images, reports and registries in Markdown. It is hostile: it must not draw tables, run HTML, mention
// people, make links, or reverse the direction of what follows.
import { visible } from "../../clean-line.js"

const maxCodeLength = 160
const maxTextLength = 400
const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  "@": "&#64;",
  ":": "&#58;",
}

/**
 * An identifier as a code span, safe in a table cell. A pipe becomes a broken bar: tables split at pipes before they
 * read code spans, and a backslash of the text's own would undo an escape.
 */
export function code(text: string): string {
  const clean = cut(oneLine(text), maxCodeLength).replace(/`/g, "'").replace(/\|/g, "¦")
  return clean === "" ? "–" : `\`${clean}\``
}

/** Free text on one line, with nothing in it that Markdown or HTML would act on. */
export function plain(text: string): string {
  return cut(oneLine(text), maxTextLength).replace(/[\\`*_{}[\]()#+!|~$<>&@]|:(?=\/\/)/g, (char) => {
    return entities[char] ?? `\\${char}`
  })
}

/** The first 12 digits of a digest: enough to recognise it. */
export function shortDigest(digest: string): string {
  return code(digest.replace(/^(sha\d+:[0-9a-f]{12})[0-9a-f]+$/, "$1"))
}

/** A Markdown table; the cells are escaped already. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`
  return [line(header), line(header.map(() => "---")), ...rows.map(line)].join("\n")
}

/** Ends a text at a line's end when it is too long, and says so. */
export function cutDocument(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text
  const note = "\n\n_Cut here: the rest is in the JSON beside this summary._\n"
  const head = text.slice(0, maxLength - note.length)
  return head.slice(0, Math.max(head.lastIndexOf("\n"), 0)) + note
}

function oneLine(text: string): string {
  return visible(text).replace(/\s+/g, " ").trim()
}

function cut(text: string, maxLength: number): string {
  return text.length <= maxLength ? text : `${text.slice(0, maxLength - 1).replace(/[\ud800-\udbff]$/, "")}…`
}
