// What every reader of VEX gives, and how much it reads. The limits are those of the assessment that stores it, so that
// what was read can be replayed.
import { z } from "zod"
import { CsscError } from "../errors.js"
import { isoTime } from "../oci/moment.js"
import type { VexDocument, VexStatement } from "./vex-document.js"

/** A document's content; where it came from and who signed it is known to whoever fetched it. */
export type VexContent = Pick<VexDocument, "format" | "id" | "author" | "timestamp" | "statements">

export const MAX_VEX_STATEMENTS = 50_000
/** Products and subcomponents over all statements of a document. */
export const MAX_VEX_PRODUCTS = 200_000
/** In one statement. */
const maxProducts = 10_000
const maxAliases = 1000
const maxIdLength = 4096
const maxNoteLength = 4096

/** Older than every date: a statement without one loses against any that has one. */
export const undated = "1970-01-01T00:00:00.000Z"

export const idText = z.string().trim().min(1, "must not be empty").max(maxIdLength)
export const aliasList = z
  .array(idText)
  .max(maxAliases)
  .nullish()
  .transform((list) => list ?? [])

/** What may be left out, or be null, which is the same. */
export function optional<T extends z.ZodType>(schema: T) {
  return schema.nullish().transform((value) => value ?? undefined)
}

/** A moment with its zone, as ISO 8601 in UTC; without a zone it could be read in many ways. */
export const timeText = z.string().transform((value, context) => {
  const time = z.iso.datetime({ offset: true }).safeParse(value).success ? isoTime(Date.parse(value)) : undefined
  if (time !== undefined) return time
  context.addIssue({ code: "custom", message: "is not a time with a zone, such as 2026-01-31T12:00:00Z" })
  return z.NEVER
})

/** Text for people: nothing decides by it, so a long one is cut. */
export const noteText = z
  .string()
  .nullish()
  .transform((value) => {
    const text = (value ?? "").trim()
    return text.length > maxNoteLength ? `${text.slice(0, maxNoteLength)}…` : text
  })

/** Refuses what an assessment could not hold. */
export function checkLimits(content: VexContent, what: string): VexContent {
  const { statements } = content
  refuseMore(statements.length, MAX_VEX_STATEMENTS, "statements", what)
  let total = 0
  for (const { products } of statements) {
    refuseMore(products.length, maxProducts, "products in one statement", what)
    for (const { subcomponents } of products) {
      refuseMore(subcomponents.length, maxProducts, "subcomponents in one product", what)
      total += 1 + subcomponents.length
    }
    refuseMore(total, MAX_VEX_PRODUCTS, "products and subcomponents", what)
  }
  return content
}

export function refuseMore(found: number, most: number, things: string, what: string): void {
  if (found > most) throw new CsscError("LIMIT_EXCEEDED", `${what} has more than ${most} ${things}`)
}

/** The parts of a statement that may be absent. */
export function reasonOf(justification: string, note: string): Pick<VexStatement, "justification" | "note"> {
  return { ...(justification === "" ? {} : { justification }), ...(note === "" ? {} : { note }) }
}

/** A name that can be neither a purl nor an image reference: it is told, and matches nothing. */
export function opaqueName(text: string): string {
  return `(${text.slice(0, maxIdLength - 2)})`
}
