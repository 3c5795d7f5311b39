// YAML as a hostile input: bounded in size and depth, without aliases that multiply, and with the line of every key.
// https://yaml.org/spec/1.2.2/ (core schema: a date stays a text)
import { type Document, isMap, isNode, isSeq, LineCounter, parseDocument } from "yaml"
import { CsscError } from "../errors.js"

export const maxPolicyBytes = 1024 * 1024
/** Repeated use of anchors is handy in moderation; this many is an attack. */
const maxAliases = 100

/** The file's value, and where in the file a path of keys is. */
export type PolicyYaml = {
  readonly value: unknown
  readonly lineOf: (path: readonly PropertyKey[]) => number | undefined
}

/** Reads one YAML document; throws `POLICY_INVALID` with all syntax errors. */
export function readPolicyYaml(text: string, source: string): PolicyYaml {
  if (Buffer.byteLength(text) > maxPolicyBytes) {
    throw new CsscError("LIMIT_EXCEEDED", `${source} is larger than ${maxPolicyBytes} bytes, too large for a policy`)
  }
  const lines = new LineCounter()
  try {
    const document = parseDocument(text, { lineCounter: lines, schema: "core", uniqueKeys: true, prettyErrors: false })
    const errors = [...document.errors, ...document.warnings]
    if (errors.length > 0) throw syntaxError(source, errors, lines)
    return { value: document.toJS({ maxAliasCount: maxAliases }), lineOf: (path) => lineOf(document, lines, path) }
  } catch (cause) {
    if (cause instanceof CsscError) throw cause
    // Too deep for the stack, or too many aliases.
    const why = cause instanceof RangeError ? "it is nested too deeply" : String(cause).slice(0, 200)
    throw new CsscError("POLICY_INVALID", `${source} cannot be read as YAML: ${why}`, { cause })
  }
}

function syntaxError(
  source: string,
  errors: readonly { message: string; pos: [number, number] }[],
  lines: LineCounter,
) {
  const shown = errors.slice(0, 20).map((error) => `line ${lines.linePos(error.pos[0]).line}: ${error.message}`)
  return new CsscError("POLICY_INVALID", `${source} is not valid YAML: ${shown.join("; ")}`)
}

// The line of the key itself, or of the nearest parent that is there.
function lineOf(document: Document, lines: LineCounter, path: readonly PropertyKey[]): number | undefined {
  let node: unknown = document.contents
  let offset = isNode(node) ? node.range?.[0] : undefined
  for (const key of path) {
    const pair = isMap(node) ? node.items.find((item) => String(item.key) === String(key)) : undefined
    const place: unknown = isSeq(node) ? node.items[Number(key)] : pair?.key
    if (isNode(place) && place.range) offset = place.range[0]
    node = isSeq(node) ? place : pair?.value
  }
  return offset === undefined ? undefined : lines.linePos(offset).line
}
