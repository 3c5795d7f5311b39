// When a statement of ours was made, by what is signed in it.
import { z } from "zod"
import type { Statement } from "../attestation/statement.js"

const timesSchema = z.object({
  evaluatedAt: z.string().optional(),
  metadata: z.object({ scanFinishedOn: z.string().optional() }).optional(),
})

/** Milliseconds since 1970 of a verdict or a scan; undefined when it does not say. */
export function signedTime({ predicate }: Pick<Statement, "predicate">): number | undefined {
  const read = timesSchema.safeParse(predicate)
  const time = Date.parse(read.data?.evaluatedAt ?? read.data?.metadata?.scanFinishedOn ?? "")
  return Number.isNaN(time) ? undefined : time
}
