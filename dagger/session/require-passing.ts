// What a pipeline stops by: a result in which anything was blocked or failed.
import { z } from "zod"
import { CsscError } from "../../core/errors.js"
import { checkSchema, parseJson } from "../../core/oci/json.js"
import { isPassing } from "../../core/promote/promotion-result.js"
import type { ResultFields } from "./result-files.js"

const maxBytes = 256 * 1024 * 1024
const maxNamed = 20
const resultSchema = z.object({
  schema: z.string().startsWith("https://cssc.dev/"),
  outcome: z.string().optional(),
  image: z.object({ reference: z.string() }).optional(),
  target: z.string().optional(),
  tags: z.array(z.object({ tag: z.string(), outcome: z.string() })).optional(),
})

/** A mirror throws when it fails. */
const alwaysPassing = "https://cssc.dev/mirror/v1"
const fleets: ReadonlySet<string> = new Set(
  ["fleet", "plan", "monitoring", "retention"].map((name) => `https://cssc.dev/${name}/v1`),
)
const fleetSchema = z.object({
  images: z.array(z.unknown()),
  failures: z.array(z.object({ target: z.string(), outcome: z.string() })),
})

/** Throws `GATE_BLOCKED` in one line unless all in a result.json or verdict.json passed; an empty run has. */
export function requirePassing(text: string, name: string): void {
  const bounds = { code: "REPORT_INVALID", what: name, maxBytes, maxDepth: 64 } as const
  const json = parseJson(text, bounds)
  const result = checkSchema(resultSchema, json, "REPORT_INVALID", name)
  if (result.schema === alwaysPassing) return
  if (fleets.has(result.schema)) {
    const { failures, images } = checkSchema(fleetSchema, json, "REPORT_INVALID", name)
    const bad = failures.map(({ target, outcome }) => ({ what: target, outcome }))
    return requireNone(bad, Math.max(images.length, bad.length))
  }
  const one = { what: result.image?.reference ?? result.target ?? "the image", outcome: result.outcome ?? "unknown" }
  const outcomes = result.tags?.map(({ tag, outcome }) => ({ what: tag, outcome })) ?? [one]
  const bad = outcomes.filter(({ outcome }) => !isPassing(outcome))
  requireNone(bad, outcomes.length)
}

function requireNone(bad: readonly { readonly what: string; readonly outcome: string }[], all: number): void {
  if (bad.length === 0) return
  const named = bad.slice(0, maxNamed).map(({ what, outcome }) => `${what}: ${outcome}`)
  const more = bad.length > maxNamed ? `; and ${bad.length - maxNamed} more` : ""
  throw new CsscError("GATE_BLOCKED", `${bad.length} of ${all} did not pass: ${named.join("; ")}${more}`)
}

/** The summary; or, when anything did not pass, the same in the log, since nothing else of a failed call is printed. */
export function enforce({ json, summary }: Pick<ResultFields, "json" | "summary">, name: string): string {
  try {
    requirePassing(json, name)
  } catch (error) {
    console.error(summary)
    throw error
  }
  return summary
}
