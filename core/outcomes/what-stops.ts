// What a pipeline stops by in an exported result: told by what stands there of each image, never by a list beside it alone. A
// result that says two things of one image was edited, or written in part: nobody goes on after it.
import { z } from "zod"
import { contradiction } from "../fleet/document/contradictions.js"
import { isFleetDocument, readFleetDocument } from "../fleet/document/read-document.js"
import { checkSchema } from "../oci/json.js"
import { parseVerdictValue } from "../policy/verdict/parse-verdict.js"
import { isPassing } from "../promote/promotion-result.js"
import { type Stop, unpassedRetained, unpassedWatched } from "./unpassed-rows.js"

/** How many images there are, and those that did not pass. */
export type Stops = { readonly of: number; readonly stops: readonly Stop[] }

const verdictType = "https://cssc.dev/verdict/v1"
/** It throws when it fails. */
const alwaysPassing = "https://cssc.dev/mirror/v1"
const promotion = { outcome: z.string(), verdict: z.unknown().optional() }
const resultSchema = z.object({
  schema: z.string().startsWith("https://cssc.dev/"),
  outcome: z.string().optional(),
  verdict: z.unknown().optional(),
  image: z.object({ reference: z.string() }).optional(),
  target: z.string().optional(),
  tags: z.array(z.object({ tag: z.string(), ...promotion })).optional(),
})

/** Throws `REPORT_INVALID` for what is no result of ours, or contradicts itself. */
export function whatStops(json: unknown, name: string): Stops {
  const result = checkSchema(resultSchema, json, "REPORT_INVALID", name)
  const { schema, tags, outcome = "unknown", verdict } = result
  if (schema === alwaysPassing) return { of: 1, stops: [] }
  if (isFleetDocument(schema)) {
    const { failures, images } = readFleetDocument(json, name)
    return stopsOf(failures, images.length)
  }
  if (schema === "https://cssc.dev/monitoring/v1") return listed(json, name, unpassedWatched(json, name))
  if (schema === "https://cssc.dev/retention/v1") return listed(json, name, unpassedRetained(json, name))
  if (schema === verdictType) parseVerdictValue(json, name)
  const one = { target: result.image?.reference ?? result.target ?? "the image", outcome, verdict }
  const all = tags?.map(({ tag, ...row }) => ({ target: tag, outcome: row.outcome, verdict: row.verdict })) ?? [one]
  const stops = all.filter((row) => !isPassing(row.outcome))
  const passed = all.filter((row) => isPassing(row.outcome))
  if (schema === "https://cssc.dev/promotion/v1" || tags !== undefined)
    for (const row of passed) requireVerdict(row, name)
  return { of: all.length, stops }
}

const failuresSchema = z.object({
  images: z.array(z.unknown()),
  failures: z.array(z.object({ target: z.string(), outcome: z.string() })),
})

// What failed as a whole stands in the list alone.
function listed(json: unknown, name: string, rows: readonly Stop[]): Stops {
  const { failures, images } = checkSchema(failuresSchema, json, "REPORT_INVALID", name)
  const keys = new Set(failures.map(({ target, outcome }) => `${target} ${outcome}`))
  const silent = rows.find(({ target, outcome }) => !keys.has(`${target} ${outcome}`))
  if (silent !== undefined) throw contradiction(name, `${silent.target} (${silent.outcome}) is not among failures`)
  return stopsOf(failures, images.length)
}

function stopsOf(stops: readonly Stop[], images: number): Stops {
  return { of: Math.max(images, stops.length), stops }
}

function requireVerdict({ target, outcome, verdict }: Stop & { readonly verdict?: unknown }, name: string): void {
  const told = verdict === undefined ? undefined : parseVerdictValue(verdict, `the verdict on ${target} in ${name}`)
  if (told?.passed !== true)
    throw contradiction(name, `${target} ended as ${outcome}, and its verdict is ${told?.outcome ?? "not there"}`)
}
