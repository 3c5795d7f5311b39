// An applied fleet as one report: what was promoted is told by its runs, which lie beside; what never came so far by the
// fleet's own rows.
import { fleetResultSchemaId } from "../fleet/document/fleet-document.js"
import { readFleetDocument } from "../fleet/document/read-document.js"
import type { Failure, ImageRow } from "../fleet/document/rows.js"
import { requireAgreement } from "../fleet/document/run-agreement.js"
import { outcomeSchema } from "./outcome-schema.js"
import type { Report, ReportedImage } from "./report.js"

export const fleetType = fleetResultSchemaId

/** Images of a run, by where they were to go: registry/repository:tag, which no other run writes. */
export type RunImages = ReadonlyMap<string, ReportedImage>

const acquiring: ReadonlySet<string> = new Set(["copied", "completed", "unchanged"])

/** Throws `REPORT_INVALID` with what is malformed. */
export function readFleetReport(document: unknown, name: string, runs: RunImages): Omit<Report, "generatedAt"> {
  const { config, images, failures } = readFleetDocument(document, name)
  requireAgreement(
    images,
    [...runs].map(([target, { outcome }]) => ({ target, outcome })),
    name,
  )
  const promotions = images.filter(({ kind, outcome }) => kind === "promotion" && outcome !== "not-there")
  const arrived = images.filter(({ kind, outcome }) => kind === "mirror" && acquiring.has(outcome ?? ""))
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
function imageOf({ kind, source, target, outcome = "", digest, why }: ImageRow): ReportedImage {
  const known = outcomeSchema.safeParse(outcome)
  if (!known.success) return failed({ kind, source, target, outcome, why: why ?? "" })
  return {
    name: source,
    target,
    outcome: known.data,
    ...(digest === undefined ? {} : { digest }),
    ...(why === undefined ? {} : { note: why }),
  }
}

function failed({ source, target, outcome, why }: Failure): ReportedImage {
  return { name: source, target, outcome: "failed", note: outcome === "failed" ? why : `${outcome}: ${why}` }
}
