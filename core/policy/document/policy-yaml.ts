// YAML as a hostile input: bounded in size and depth, without aliases that multiply, and with the line of every key.
// https://yaml.org/spec/1.2.2/ (core schema: a date stays a text)
import {
  type Document,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Pair,
  parseDocument,
  visit,
  type YAMLMap,
} from "yaml"
import { CsscError } from "../../errors.js"
import type { FileProblem, LineOf } from "./policy-problems.js"

export const maxPolicyBytes = 1024 * 1024
/** Repeated use of anchors is handy in moderation; this many is an attack. */
const maxAliases = 100

/** The file's value, and where in the file a path of keys is; with problems there is no value. */
export type PolicyYaml = {
  readonly problems: readonly FileProblem[]
  readonly value?: unknown
  readonly lineOf: LineOf
}

/** Reads one YAML document with all of its syntax errors; throws `LIMIT_EXCEEDED` for a file that is too large. */
export function readPolicyYaml(text: string, source: string): PolicyYaml {
  if (Buffer.byteLength(text) > maxPolicyBytes) {
    throw new CsscError("LIMIT_EXCEEDED", `${source} is larger than ${maxPolicyBytes} bytes`)
  }
  const lines = new LineCounter()
  try {
    // The parser's own search for repeated keys takes quadratic time.
    const document = parseDocument(text, { lineCounter: lines, schema: "core", uniqueKeys: false, prettyErrors: false })
    const errors = [...document.errors, ...document.warnings].map(({ pos, message }) => ({ offset: pos[0], message }))
    const found = errors.length > 0 ? errors : badKeys(document)
    if (found.length > 0) return broken(found.map((error) => syntaxProblem(error, lines)))
    return { problems: [], value: document.toJS({ maxAliasCount: maxAliases }), lineOf: lineFinder(document, lines) }
  } catch (cause) {
    // Too deep for the stack, or too many aliases.
    const why = cause instanceof RangeError ? "it is nested too deeply" : String(cause).slice(0, 200)
    return broken([{ path: "(document)", message: `cannot be read as YAML: ${why}` }])
  }
}

function broken(problems: readonly FileProblem[]): PolicyYaml {
  return { problems, lineOf: () => undefined }
}

type SyntaxError = { readonly offset: number; readonly message: string }

function syntaxProblem({ offset, message }: SyntaxError, lines: LineCounter): FileProblem {
  const why = message.includes("call stack") ? "it is nested too deeply" : message
  return { line: lines.linePos(offset).line, path: "(document)", message: `is not valid YAML: ${why}` }
}

// A repeated key would hide what stands above it, and so would one that only becomes a text later.
function badKeys(document: Document): SyntaxError[] {
  const errors: SyntaxError[] = []
  visit(document, {
    Map: (_, map) => {
      const seen = new Set<string>()
      for (const { key } of map.items) {
        const offset = (isNode(key) ? key.range?.[0] : undefined) ?? map.range?.[0] ?? 0
        if (!isScalar(key) || typeof key.value !== "string") errors.push({ offset, message: "Map keys must be texts" })
        else if (seen.has(key.value))
          errors.push({ offset, message: `Map keys must be unique: ${JSON.stringify(key.value.slice(0, 80))}` })
        else seen.add(key.value)
      }
    },
  })
  return errors
}

/** Finds the line of the key itself, or of the nearest parent that is there. */
function lineFinder(document: Document, lines: LineCounter): LineOf {
  const keys = new WeakMap<YAMLMap, ReadonlyMap<string, Pair>>()
  const pairOf = (map: YAMLMap, key: PropertyKey): Pair | undefined => {
    const known = keys.get(map) ?? new Map(map.items.map((item) => [String(item.key), item]))
    keys.set(map, known)
    return known.get(String(key))
  }
  return (path) => {
    let node: unknown = document.contents
    let offset = isNode(node) ? node.range?.[0] : undefined
    for (const key of path) {
      const pair = isMap(node) ? pairOf(node, key) : undefined
      const place: unknown = isSeq(node) ? node.items[Number(key)] : pair?.key
      if (isNode(place) && place.range) offset = place.range[0]
      node = isSeq(node) ? place : pair?.value
    }
    return offset === undefined ? undefined : lines.linePos(offset).line
  }
}
