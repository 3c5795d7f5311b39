// What of a VEX document cannot be read, kept as what it may mean: it suppresses nothing, and it takes back whatever it
// may take back. So one mistake, or one product in a form that nobody knows here, never makes the rest unread, and never
// leaves a statement standing that it retracts.
import { z } from "zod"
import { listSome } from "../list-some.js"
import { checkSpelling } from "../oci/json.js"
import { plainWords } from "../plain-words.js"
import { type VexProduct, type VexStatement, type VexStatus, vexStatuses } from "./vex-document.js"

const maxReason = 500

/** Newer than every date: of a retraction whose date nobody can read. */
export const latest = "9999-12-31T23:59:59.999Z"

/** The start of a name that stands for a product or part that could not be read. */
export const unreadableMark = "(unreadable: "

export function unreadableName(why: string): string {
  return `${unreadableMark}${why.slice(0, maxReason)})`
}

export function unreadableProduct(why: string): VexProduct {
  return { id: unreadableName(why), subcomponents: [] }
}

/** What is known of a statement all the same; without a vulnerability it may be about any, without a status retract. */
export type Salvaged = { readonly vulnerability?: string | undefined; readonly status?: unknown }

/** A statement that could not be read, of no product: it may be about any, and newer than all others. */
export function unreadStatement({ vulnerability = "", status }: Salvaged, why: string): VexStatement {
  const known = z.enum(vexStatuses).safeParse(status)
  return {
    vulnerability,
    aliases: [],
    status: known.success ? known.data : ("under_investigation" satisfies VexStatus),
    timestamp: latest,
    products: [],
    unread: why.slice(0, maxReason),
  }
}

/**
 * Reads one item by itself. A key that readers which ignore case take for another could be read in two ways: such a
 * document is refused whole, whatever else is in it.
 */
export function readItem<T>(schema: z.ZodType<T>, value: unknown, at: string): z.ZodSafeParseResult<T> {
  checkSpelling(schema, value, "VEX_INVALID", `the VEX document, in ${at},`)
  return schema.safeParse(value, { error: plainWords })
}

/** All that a schema found wrong, in one line. */
export function whyOf({ issues }: z.ZodError, at: string): string {
  const told = issues.map(
    ({ path, message }) =>
      `${[at, z.core.toDotPath(path)].join(path.length > 0 && typeof path[0] !== "number" ? "." : "")}: ${message}`,
  )
  return listSome(told, 5, "; ")
}
