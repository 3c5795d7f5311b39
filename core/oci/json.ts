// JSON from outside: bounded before it is parsed, so that no document can exhaust the stack or the memory, and no key
// can reach a prototype. Everything else is checked by a schema afterwards.
import type { z } from "zod"
import { CsscError, type ErrorCode } from "../errors.js"

/** How much a document may hold, and how its refusal reads: `[code] what …`. */
export type JsonBounds = {
  readonly code: ErrorCode
  /** What is read, with its reference: the start of every message. */
  readonly what: string
  readonly maxBytes: number
  readonly maxDepth: number
}

const maxIssues = 10
const quote = 0x22
const backslash = 0x5c
const colon = 0x3a

/** Reads JSON in UTF-8 within bounds; throws `LIMIT_EXCEEDED` or the bounds' code. */
export function parseJson(content: Uint8Array | string, bounds: JsonBounds): unknown {
  const size = typeof content === "string" ? Buffer.byteLength(content) : content.byteLength
  if (size > bounds.maxBytes) {
    throw new CsscError("LIMIT_EXCEEDED", `${bounds.what} has ${size} bytes: at most ${bounds.maxBytes} are read`)
  }
  const text = typeof content === "string" ? content : decodeUtf8(content, bounds)
  checkShape(text, bounds)
  try {
    return JSON.parse(text)
  } catch (cause) {
    const reason = size === 0 ? "it is empty" : (cause as Error).message
    throw new CsscError(bounds.code, `${bounds.what} is not JSON: ${reason}`, { cause })
  }
}

/** Checks a value with a schema and lists all that is wrong, by path. */
export function checkSchema<T>(schema: z.ZodType<T>, value: unknown, code: ErrorCode, what: string): T {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const { issues } = result.error
  const shown = issues.slice(0, maxIssues).map((issue) => `${formatPath(issue.path)}: ${issue.message}`)
  const more = issues.length > maxIssues ? `; and ${issues.length - maxIssues} more` : ""
  throw new CsscError(code, `${what} is malformed: ${shown.join("; ")}${more}`, { cause: result.error })
}

/** Tells whether a value is an object with keys (not an array). */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}

function formatPath(path: readonly PropertyKey[]): string {
  if (path.length === 0) return "(document)"
  return path
    .map((part, at) => (typeof part === "number" ? `[${part}]` : `${at > 0 ? "." : ""}${String(part)}`))
    .join("")
}

function decodeUtf8(content: Uint8Array, bounds: JsonBounds): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(content)
  } catch (cause) {
    throw new CsscError(bounds.code, `${bounds.what} is not UTF-8`, { cause })
  }
}

/** Walks over the brackets and keys of a text that need not be JSON. */
function checkShape(text: string, bounds: JsonBounds): void {
  let depth = 0
  for (let at = 0; at < text.length; at++) {
    const char = text.charCodeAt(at)
    if (char === quote) {
      const end = endOfString(text, at)
      if (isPrototypeKey(text, at, end)) throw new CsscError(bounds.code, `${bounds.what} has a key "__proto__"`)
      at = end
    } else if (char === 0x7b || char === 0x5b) {
      if (++depth > bounds.maxDepth) {
        throw new CsscError("LIMIT_EXCEEDED", `${bounds.what} is nested deeper than ${bounds.maxDepth} levels`)
      }
    } else if (char === 0x7d || char === 0x5d) depth--
  }
}

function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const char = text.charCodeAt(at)
    if (char === backslash) at++
    else if (char === quote) return at
  }
  return text.length
}

/** The key may hide behind escapes (`\u005f`), which make it at most 54 characters long. */
function isPrototypeKey(text: string, start: number, end: number): boolean {
  const length = end - start - 1
  if (length < 9 || length > 54) return false
  let next = end + 1
  while (next < text.length && text.charCodeAt(next) <= 0x20) next++
  if (text.charCodeAt(next) !== colon) return false
  try {
    return JSON.parse(text.slice(start, end + 1)) === "__proto__"
  } catch {
    return false // not JSON: JSON.parse of the whole text says so
  }
}
