// An applied fleet, read back: each image that something was done with. What did not change is told by nobody.
import { z } from "zod"
import { digestSchema } from "../oci/document-parts.js"
import { checkSchema } from "../oci/json.js"
import { again, type ImageOutcome, type Outcomes } from "./read-promotion.js"

const short = z.string().max(4000)
const maxRows = 100_000
const imageSchema = z.looseObject({
  kind: short,
  source: short,
  target: short,
  outcome: short,
  digest: digestSchema.optional(),
  copied: z.boolean().default(false),
  provenance: z.array(digestSchema).max(10_000).default([]),
})
const fleetSchema = z.looseObject({
  config: z.looseObject({ source: short }),
  images: z.array(imageSchema).max(maxRows),
  failures: z
    .array(z.object({ kind: short, source: short, target: short, outcome: short, why: z.string().max(16_384) }))
    .max(maxRows),
})

const quiet: ReadonlySet<string> = new Set(["unchanged", "known", "not-there"])

/** Promotions are told whole by the results of their runs, which lie beside; here they are named. */
export function readFleetOutcomes(json: unknown, name: string): Outcomes {
  const { config, images, failures } = checkSchema(fleetSchema, json, "REPORT_INVALID", name)
  const failed = failures.map(({ source, outcome, why }): ImageOutcome => ({
    kind: "failed",
    reference: again(source),
    outcome,
    passed: false,
    error: why.slice(0, 4000),
  }))
  const bad = new Set(failures.map(({ target }) => target))
  const done = images.filter(({ target, outcome }) => !bad.has(target) && !quiet.has(outcome))
  return { name: config.source, images: [...failed, ...done.map(outcomeOf)] }
}

function outcomeOf(image: z.infer<typeof imageSchema>): ImageOutcome {
  const { kind, target, outcome, digest } = image
  const named = { reference: again(target), ...(digest === undefined ? {} : { digest }), passed: true }
  if (kind !== "mirror" || digest === undefined) return { kind: "promotion", ...named, outcome }
  const isNew = outcome === "copied" || outcome === "completed"
  return { kind: "mirror", ...named, outcome: isNew ? "mirrored" : outcome, document: { ...image, dryRun: false } }
}
