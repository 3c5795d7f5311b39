// The one reader of JSON from outside. It is bounded before it is parsed, so that no document can exhaust the stack or the
// memory; what could be read in two ways is refused. Everything else is checked by a schema afterwards.
import type { z } from "zod"
import { CsscError, type ErrorCode } from "../errors.js"
import { listSome } from "../list-some.js"
import { plainWords } from "../plain-words.js"
import { shapeOf } from "./json-text.js"
import { findOtherSpelling } from "./known-keys.js"
import { findSecondReading, type SecondReading, type Strictness } from "./one-reading.js"

/** How much a document may hold, and how its refusal reads: `[code] what …`. */
export type JsonBounds = Strictness & {
  readonly code: ErrorCode
  /** What is read, with its reference: the start of every message. */
  readonly what: string
  readonly maxBytes: number
  readonly maxDepth: number
}

const maxIssues = 10

/** Reads JSON in UTF-8 that can be read in one way only; throws `LIMIT_EXCEEDED` or the bounds' code. */
export function parseJson(content: Uint8Array | string, bounds: JsonBounds): unknown {
  const size = typeof content === "string" ? Buffer.byteLength(content) : content.byteLength
  if (size > bounds.maxBytes) {
    throw new CsscError("LIMIT_EXCEEDED", `${bounds.what} has ${size} bytes: at most ${bounds.maxBytes} are read`)
  }
  const text = typeof content === "string" ? content : decodeUtf8(content, bounds)
  const shape = shapeOf(text, bounds.maxDepth)
  if (shape.depth > bounds.maxDepth) {
    throw new CsscError("LIMIT_EXCEEDED", `${bounds.what} is nested deeper than ${bounds.maxDepth} levels`)
  }
  const value = parse(text, bounds)
  const second = findSecondReading(text, value, shape, bounds)
  if (second !== undefined) throw twoReadings(second, bounds.code, bounds.what)
  return value
}

/** Refuses keys that readers which ignore case take for keys of the schema. */
export function checkSpelling(schema: z.ZodType, value: unknown, code: ErrorCode, what: string): void {
  const other = findOtherSpelling(schema, value)
  if (other !== undefined) throw twoReadings(other, code, what)
}

/** Checks a value with a schema and lists all that is wrong, by path. */
export function checkSchema<T>(schema: z.ZodType<T>, value: unknown, code: ErrorCode, what: string): T {
  checkSpelling(schema, value, code, what)
  const result = schema.safeParse(value, { error: plainWords })
  if (result.success) return result.data
  const { issues } = result.error
  const told = issues.map((issue) => `${formatPath(issue.path)}: ${issue.message}`)
  throw new CsscError(code, `${what} is malformed: ${listSome(told, maxIssues, "; ")}`, { cause: result.error })
}

/** Tells whether a value is an object with keys (not an array). */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}

function formatPath(path: readonly PropertyKey[]): string {
  if (path.length === 0) return "(document)"
  return path
    .map((part, at) => (typeof part === "number" ? `[${part}]` : `${at > 0 ? "." : ""}${String(part).slice(0, 80)}`))
    .join("")
}

function decodeUtf8(content: Uint8Array, bounds: JsonBounds): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(content)
  } catch (cause) {
    throw new CsscError(bounds.code, `${bounds.what} is not UTF-8`, { cause })
  }
}

function parse(text: string, bounds: JsonBounds): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    const reason = text === "" ? "it is empty" : (cause as Error).message
    throw new CsscError(bounds.code, `${bounds.what} is not JSON: ${reason}`, { cause })
  }
}

function twoReadings({ path, why }: SecondReading, code: ErrorCode, what: string): CsscError {
  return new CsscError(code, `${what} can be read in two ways: ${formatPath(path)}: ${why}`)
}
