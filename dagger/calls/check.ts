// Check: a result directory again, as a job's last step. It fails when anything in it is blocked, failed or unreadable.
import type { Directory } from "@dagger.io/dagger"
import { z } from "zod"
import { CsscError } from "../../core/errors.js"
import { checkSchema, parseJson } from "../../core/oci/json.js"

const maxNamed = 20
const maxBytes = 256 * 1024 * 1024
const passing: ReadonlySet<string> = new Set(["promote", "unchanged", "dryrun"])
const resultSchema = z.object({
  schema: z.string().startsWith("https://cssc.dev/"),
  outcome: z.string().optional(),
  tags: z.array(z.object({ tag: z.string(), outcome: z.string() })).optional(),
})

export async function runCheck(results: Directory): Promise<string> {
  const names = await results.entries()
  const name = ["result.json", "verdict.json"].find((candidate) => names.includes(candidate))
  if (name === undefined)
    throw new CsscError(
      "REPORT_INVALID",
      "the directory has neither result.json nor verdict.json: export `results` of a gate, promotion or run into it",
    )
  const text = await results.file(name).contents()
  const result = checkSchema(
    resultSchema,
    parseJson(text, { code: "REPORT_INVALID", what: name, maxBytes, maxDepth: 64 }),
    "REPORT_INVALID",
    name,
  )
  const outcomes = result.tags?.map(({ tag, outcome }) => ({ what: tag, outcome })) ?? [
    { what: "the image", outcome: result.outcome ?? "unknown" },
  ]
  const told = ["summary.txt", "summary.md"].find((candidate) => names.includes(candidate))
  const summary = told === undefined ? "" : await results.file(told).contents()
  const bad = outcomes.filter(({ outcome }) => !passing.has(outcome))
  if (bad.length === 0) return summary
  // Told once, and then one line: an error is repeated by whoever hands it on.
  console.error(summary)
  const rest = bad.length > maxNamed ? `; and ${bad.length - maxNamed} more` : ""
  const list = bad.slice(0, maxNamed).map(({ what, outcome }) => `${what}: ${outcome}`)
  throw new CsscError("GATE_BLOCKED", `${bad.length} of ${outcomes.length} did not pass: ${list.join("; ")}${rest}`)
}
