// Globs over names: `*` and `?` within one path element, `**` as a whole element across them, `[…]` one of some
// characters, `{a,b}` alternatives, `\` before what is meant literally. picomatch says what a class means and
// brace-expansion what braces do; the stars are matched in linear time, which the regular expressions behind the globs
// of both cannot be.
import { expand } from "brace-expansion"
import picomatch from "picomatch"
import { matchesWithStars, type StarPart } from "./star-match.js"

/** Alternatives of one glob beyond this many are refused: braces multiply. */
export const MAX_GLOB_ALTERNATIVES = 256

/** A glob that was read once and is asked often; nothing when its braces stand for too many globs. */
export function compileGlob(glob: string): ((name: string) => boolean) | undefined {
  const globs = glob.includes("{") ? expand(glob, { max: MAX_GLOB_ALTERNATIVES + 1 }) : [glob]
  if (globs.length > MAX_GLOB_ALTERNATIVES) return undefined
  const patterns = globs.map((one) => one.split("/").map(elementPart))
  return (name) => {
    const elements = name.split("/")
    return patterns.some((pattern) => matchesWithStars(pattern, elements))
  }
}

function elementPart(element: string): StarPart<string> {
  if (element === "**") return "*"
  const parts = [...element.matchAll(/\\.|\[(?:\\.|[^\]\\])+\]|\*+|[^]/gs)].map(([token]) => characterPart(token))
  return (text) => matchesWithStars(parts, text)
}

function characterPart(token: string): StarPart<string> {
  if (token.startsWith("*")) return "*"
  if (token === "?") return () => true
  if (token.length > 1 && token.startsWith("[")) return classPart(token)
  const literal = token.length > 1 && token.startsWith("\\") ? token.slice(1) : token
  return (character) => character === literal
}

function classPart(token: string): StarPart<string> {
  // After a letter, as at the start of an element a dot would be special.
  const matches = picomatch(`x${token}`, { strictBrackets: false })
  return (character) => matches(`x${character}`)
}
