// An issue's Markdown: words that nothing in them acts on, and where it ends.
import { escapeCode, escapeText } from "../page/markdown-escape.js"
import { cutNote } from "../page/to-markdown.js"

export const code = escapeCode

/** Free text on one line, with nothing in it that Markdown or HTML would act on. */
export function plain(text: string): string {
  return escapeText(text).trim()
}

/** Ends a text at a line's end when it is too long, and says so. */
export function cutDocument(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text
  const note = `\n\n${cutNote}\n`
  const head = text.slice(0, maxLength - note.length)
  return head.slice(0, Math.max(head.lastIndexOf("\n"), 0)) + note
}
