// An issue's Markdown: sentences, and tables of what is escaped already.
import { escapeCode, escapeText } from "../page/markdown-escape.js"

export const code = escapeCode

/** Free text on one line, with nothing in it that Markdown or HTML would act on. */
export function plain(text: string): string {
  return escapeText(text).trim()
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
