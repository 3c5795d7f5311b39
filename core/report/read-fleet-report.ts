// An applied fleet as one report: what was promoted is told by its runs, which lie beside; what never came so far by the
// fleet's own rows.
import { z } from "zod"
import { digestSchema, text } from "../oci/document-parts.js"
import { checkSchema } from "../oci/json.js"
import { outcomeSchema } from "./outcome-schema.js"
import type { Report, ReportedImage } from "./report.js"

export const fleetType = "https://cssc.dev/fleet/v1"

const maxRows = 100_000
const ends = { kind: text, source: text, target: text, outcome: text }
const fleetSchema = z.looseObject({
  schema: z.literal(fleetType),
  config: z.looseObject({ source: text }),
  images: z.array(z.looseObject({ ...ends, digest: digestSchema.optional(), why: text.optional() })).max(maxRows),
  failures: z.array(z.looseObject({ ...ends, why: text })).max(maxRows),
})
type Row = z.infer<typeof fleetSchema>["images"][number]

/** Images of a run, by where they were to go: registry/repository:tag, which no other run writes. */
export type RunImages = ReadonlyMap<string, ReportedImage>

const acquiring: ReadonlySet<string> = new Set(["copied", "completed", "unchanged"])

/** Throws `REPORT_INVALID` with what is malformed. */
export function readFleetReport(document: unknown, name: string, runs: RunImages): Omit<Report, "generatedAt"> {
  const { config, images, failures } = checkSchema(fleetSchema, document, "REPORT_INVALID", name)
  const promotions = images.filter(({ kind, outcome }) => kind === "promotion" && outcome !== "not-there")
  const arrived = images.filter(({ kind, outcome }) => kind === "mirror" && acquiring.has(outcome))
  // A promotion's source is acquired too when nothing of this file brings it.
  const acquired = new Set([...arrived.map(({ target }) => target), ...promotions.map(({ source }) => source)])
  const told = new Set(promotions.map(keyOf))
  const others = failures.filter((row) => !told.has(keyOf(row)))
  return {
    title: config.source,
    kind: "fleet",
    acquired: acquired.size,
    images: [...promotions.map((row) => runs.get(row.target) ?? imageOf(row)), ...others.map(failed)],
  }
}

function keyOf({ kind, target }: { readonly kind: string; readonly target: string }): string {
  return `${kind} ${target}`
}

// The target has it already, or it failed before it was judged: there is no verdict of this run.
function imageOf(row: Row): ReportedImage {
  const { source, target, outcome, digest, why } = row
  const known = outcomeSchema.safeParse(outcome)
  if (!known.success) return failed({ ...row, why: why ?? "" })
  return {
    name: source,
    target,
    outcome: known.data,
    ...(digest === undefined ? {} : { digest }),
    ...(why === undefined ? {} : { note: why }),
  }
}

function failed({ source, target, outcome, why }: Pick<Row, "source" | "target" | "outcome"> & { why: string }) {
  return { name: source, target, outcome: "failed" as const, note: outcome === "failed" ? why : `${outcome}: ${why}` }
}
