// What a call did, read back from the JSON that it exported: one entry per image. It is for telling people and systems;
// nothing is ever promoted by it.
import { z } from "zod"
import { checkSchema, parseJson } from "../oci/json.js"
import { type FleetRun, readFleetOutcomes } from "./read-fleet.js"
import { readMonitoring, readRetention } from "./read-monitoring.js"
import { readAttestation, readDeletion, readMirror, readRetirement } from "./read-other.js"
import { type ImageOutcome, type Outcomes, readPromotion, readVerdict } from "./read-promotion.js"

export type { ImageOutcome, Outcomes } from "./read-promotion.js"

export const MAX_RESULT_BYTES = 256 * 1024 * 1024
/** Tags of a run. */
const maxTags = 10_000

const headSchema = z.looseObject({ schema: z.string().max(200) })
const runSchema = z.looseObject({
  source: z.string().max(1000),
  target: z.string().max(1000),
  tags: z.array(z.looseObject({ tag: z.string().max(200), outcome: z.string().max(100) })).max(maxTags),
})

/** Of a fleet: the results of its runs. */
export type RunFile = { readonly name: string; readonly text: string }

/**
 * Reads result.json or verdict.json; throws `REPORT_INVALID` for what is none of ours. A verdict knows no tag: `image` is
 * what was gated, from the file beside it.
 */
export function readOutcomes(text: string, name: string, image = "", runs: readonly RunFile[] = []): Outcomes {
  const json = parse(text, name)
  const { schema } = checkSchema(headSchema, json, "REPORT_INVALID", name)
  switch (schema) {
    case "https://cssc.dev/verdict/v1":
      return one(readVerdict(json, name, image))
    case "https://cssc.dev/promotion/v1":
      return one(readPromotion(json, name))
    case "https://cssc.dev/run/v1":
      return outcomesOf(readRun(json, name))
    case "https://cssc.dev/fleet/v1":
      return readFleetOutcomes(
        json,
        name,
        runs.map((run) => readRun(parse(run.text, run.name), run.name)),
      )
    case "https://cssc.dev/mirror/v1":
      return one(readMirror(json, name))
    case "https://cssc.dev/attestation/v1":
      return one(readAttestation(json, name))
    case "https://cssc.dev/deletion/v1":
      return one(readDeletion(json, name))
    case "https://cssc.dev/monitoring/v1":
      return readMonitoring(json, name)
    case "https://cssc.dev/retention/v1":
      return readRetention(json, name)
    case "https://cssc.dev/retirement/v1":
      return one(readRetirement(json, name))
    default:
      return { name: schema, images: [] }
  }
}

function parse(text: string, name: string): unknown {
  return parseJson(text, { code: "REPORT_INVALID", what: name, maxBytes: MAX_RESULT_BYTES, maxDepth: 64 })
}

function one(image: ImageOutcome): Outcomes {
  return { name: image.reference, images: [image] }
}

function outcomesOf({ name, images }: FleetRun): Outcomes {
  return { name, images }
}

function readRun(json: unknown, name: string): FleetRun {
  const { source, target, tags } = checkSchema(runSchema, json, "REPORT_INVALID", name)
  const images = tags.map((tag): ImageOutcome => {
    if ("verdict" in tag) return readPromotion(tag, `${name}, tag ${tag.tag}`)
    const error = typeof tag["error"] === "string" ? tag["error"].slice(0, 4000) : "it failed"
    return { kind: "failed", reference: `${source}:${tag.tag}`, outcome: "failed", passed: false, error }
  })
  const ends = tags.map(({ tag, outcome }) => ({ target: `${target}:${tag}`, outcome }))
  return { name: `${source} → ${target}`, images, ends }
}
