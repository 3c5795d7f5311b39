// Text of strangers on a line of a log. Whatever a registry, an image or a document holds, it must not start a line of its
// own, move the cursor, reverse what follows, or be a command to the runner that prints it.

/** Control and format characters (with them bidirectional overrides, zero width ones and tags), line separators, halves of pairs. */
const invisible = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+/gu
/**
 * Runners take commands from what is printed: GitHub's `::error::` at a line's start, and `##[…]`, Azure's `##vso[…]` and
 * TeamCity's `##teamcity[…]` wherever they stand.
 * https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
 */
const atStart = /^\s*::/
const anywhere = /##(?=\w*\[)/g
/** A message is read by people; what is longer is in the documents. */
const maxLength = 16_384

/** The text without anything that is not to be seen, as one part of a line. */
export function visible(text: string): string {
  return text.replace(invisible, " ")
}

/** One clean line, that can be printed as it is. */
export function cleanLine(text: string): string {
  const line = visible(text).replace(anywhere, "# #").replace(atStart, ": :")
  return line.length <= maxLength ? line : `${visible(line.slice(0, maxLength - 1)).trimEnd()}…`
}
