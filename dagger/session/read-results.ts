// Exported results, read again for those who tell of them.
import type { Directory } from "@dagger.io/dagger"
import { CsscError } from "../../core/errors.js"
import { type Outcomes, readOutcomes } from "../../core/outcomes/read-outcomes.js"
import { gatedImage } from "./gate-fields.js"
import { readRunFiles } from "./stored-results.js"

const names = ["result.json", "verdict.json"]

/** What a directory says of images; throws `REPORT_INVALID` when it has no result. */
export async function readResults(results: Directory): Promise<Outcomes> {
  const entries = await results.entries()
  const name = names.find((candidate) => entries.includes(candidate))
  if (name === undefined)
    throw new CsscError("REPORT_INVALID", "the directory has neither result.json nor verdict.json: export `results`")
  const image = entries.includes(gatedImage) ? await results.file(gatedImage).contents() : ""
  const isFleet = entries.some((one) => one.replace(/\/$/, "") === "runs")
  const runs = isFleet ? await readRunFiles(results) : []
  return readOutcomes(await results.file(name).contents(), name, image.trim(), runs)
}
