// What the text of a JSON document shows and its parsed value hides: how deep it is before anything is parsed, keys that
// stand twice, and numbers that are written with a fraction. Whether it is JSON at all is for `JSON.parse` to say.

export type TextShape = {
  readonly depth: number
  /** Colons outside strings: in JSON, one for each member of each object. */
  readonly members: number
  /** A number has a fraction or an exponent. */
  readonly hasFraction: boolean
}

export type Path = readonly PropertyKey[]

const quote = 0x22
const backslash = 0x5c

/** Walks over brackets, strings and numbers of a text that need not be JSON; stops below `maxDepth`. */
export function shapeOf(text: string, maxDepth: number): TextShape {
  let [depth, deepest, members, hasFraction] = [0, 0, 0, false]
  for (let at = 0; at < text.length && deepest <= maxDepth; at++) {
    const char = text.charCodeAt(at)
    if (char === quote) at = endOfString(text, at)
    else if (char === 0x3a) members++
    else if (char === 0x7b || char === 0x5b) deepest = Math.max(deepest, ++depth)
    else if (char === 0x7d || char === 0x5d) depth--
    else if ((char === 0x2e || char === 0x65 || char === 0x45) && isDigit(text.charCodeAt(at - 1))) hasFraction = true
  }
  return { depth: deepest, members, hasFraction }
}

type Frame = { readonly keys: Set<string> | undefined; part: PropertyKey }

/** The first key that stands twice in one object of a text that is JSON, with the object's path. */
export function findDuplicateKey(text: string): { readonly path: Path; readonly key: string } | undefined {
  const frames: Frame[] = []
  for (let at = 0; at < text.length; at++) {
    const [char, top] = [text.charCodeAt(at), frames.at(-1)]
    if (char === 0x7b) frames.push({ keys: new Set(), part: "" })
    else if (char === 0x5b) frames.push({ keys: undefined, part: 0 })
    else if (char === 0x7d || char === 0x5d) frames.pop()
    else if (char === 0x2c && top?.keys === undefined && typeof top?.part === "number") top.part++
    else if (char === quote) {
      const end = endOfString(text, at)
      const key = top?.keys === undefined || !isBeforeColon(text, end) ? undefined : readString(text, at, end)
      if (key !== undefined && top?.keys?.has(key)) return { path: frames.slice(0, -1).map(({ part }) => part), key }
      if (key !== undefined) top?.keys?.add(key)
      if (key !== undefined && top !== undefined) top.part = key
      at = end
    }
  }
  return undefined
}

/** The position of the quote that ends a string; the text's end when it is open. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let before = end
    while (text.charCodeAt(before - 1) === backslash) before--
    if ((end - before) % 2 === 0) return end
  }
  return text.length
}

function isBeforeColon(text: string, end: number): boolean {
  let next = end + 1
  while (next < text.length && text.charCodeAt(next) <= 0x20) next++
  return text.charCodeAt(next) === 0x3a
}

function readString(text: string, start: number, end: number): string {
  return JSON.parse(text.slice(start, end + 1)) as string
}

function isDigit(char: number): boolean {
  return char >= 0x30 && char <= 0x39
}
