// An applied fleet, read back: each image that something was done with. What did not change is told by nobody.
import { z } from "zod"
import { isFleetPassing } from "../fleet/apply/fleet-result.js"
import { readFleetDocument } from "../fleet/document/read-document.js"
import type { ImageRow } from "../fleet/document/rows.js"
import { requireAgreement, type RunEnd } from "../fleet/document/run-agreement.js"
import { digestSchema } from "../oci/document-parts.js"
import { checkSchema } from "../oci/json.js"
import { again, type ImageOutcome, type Outcomes } from "./read-promotion.js"

const mirrored = z.looseObject({
  digest: digestSchema.optional(),
  copied: z.boolean().default(false),
  provenance: z.array(digestSchema).max(10_000).default([]),
})

const quiet: ReadonlySet<string> = new Set(["unchanged", "known", "not-there"])

/** A run of the fleet: what it tells, and how each of its targets ended. */
export type FleetRun = Outcomes & { readonly ends: readonly RunEnd[] }

/**
 * Promotions are told whole by the results of their runs, which lie beside, as `runs`; what those do not tell is named here.
 */
export function readFleetOutcomes(json: unknown, name: string, runs: readonly FleetRun[] = []): Outcomes {
  const { config, images, failures } = readFleetDocument(json, name)
  const ends = runs.flatMap((run) => run.ends)
  requireAgreement(images, ends, name)
  const told = new Set(ends.map(({ target }) => target))
  const isTold = ({ kind, target }: Pick<ImageRow, "kind" | "target">) => kind === "promotion" && told.has(target)
  const failed = failures
    .filter((row) => !isTold(row))
    .map(({ source, outcome, why }): ImageOutcome => ({
      kind: "failed",
      reference: again(source),
      outcome,
      passed: false,
      error: why.slice(0, 4000),
    }))
  const done = images.flatMap((row) => {
    const { outcome = "" } = row
    return quiet.has(outcome) || !isFleetPassing(outcome) || isTold(row) ? [] : [outcomeOf(row, outcome, name)]
  })
  return { name: config.source, images: [...failed, ...done, ...runs.flatMap((run) => run.images)] }
}

function outcomeOf(row: ImageRow, outcome: string, name: string): ImageOutcome {
  const image = { ...row, ...checkSchema(mirrored, row, "REPORT_INVALID", name) }
  const { kind, target, digest } = image
  const named = { reference: again(target), ...(digest === undefined ? {} : { digest }), passed: true }
  if (kind !== "mirror" || digest === undefined) return { kind: "promotion", ...named, outcome }
  const isNew = outcome === "copied" || outcome === "completed"
  return { kind: "mirror", ...named, outcome: isNew ? "mirrored" : outcome, document: { ...image, dryRun: false } }
}
