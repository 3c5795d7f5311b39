// Texts that people read and compare. What they cannot see would make an empty name of one that is there, or two names
// of one. https://www.unicode.org/reports/tr36/#visual_spoofing
import { CsscError } from "../../errors.js"

/** Control, format, private and unassigned characters, fillers that are drawn as nothing, and every space but one. */
const invisible = /[\p{C}\p{Default_Ignorable_Code_Point}\u2800]|(?! )\p{Z}/u

/** Tells whether there is nothing to see in a text. */
export function isBlank(text: string): boolean {
  return [...text].every((character) => character === " " || invisible.test(character))
}

/** Why a text, trimmed, is no name; undefined when it is one. */
export function nameProblem(text: string): string | undefined {
  if (isBlank(text)) return "must not be empty"
  return invisible.test(text) ? "has a character that cannot be seen" : undefined
}

/** The publisher of a key that is an argument: empty for the gate's own. Throws `ARGUMENT_INVALID` for a blank one. */
export function parsePublisher(text: string): string {
  if (text === "") return ""
  const problem = nameProblem(text.trim())
  if (problem === undefined) return text.trim()
  const hint = "leave the publisher out for the gate's own key"
  throw new CsscError("ARGUMENT_INVALID", `the publisher "${shown(text.slice(0, 60))}" ${problem}: ${hint}`)
}

function shown(text: string): string {
  const code = (character: string) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`
  return [...text].map((character) => (invisible.test(character) ? code(character) : character)).join("")
}
