// A run over many tags as files: each tag's own results below tags/, the reports beside.
import type { TagRun } from "../../core/promote/quarantine-run.js"
import type { RunResult } from "../../core/promote/run-result.js"
import { promotionFiles } from "./carry-out.js"
import { reportFilesOf, runReportOf } from "./reports.js"
import { type ResultFiles, toJson } from "./result-files.js"
import { summaryFiles } from "./tell.js"

/** `source` is the quarantine's name. */
export async function runFiles(source: string, runs: readonly TagRun[], result: RunResult): Promise<ResultFiles> {
  const tags = runs.flatMap((run) =>
    Object.entries(filesOf(run)).map(([name, text]) => [`tags/${run.tag}/${name}`, text]),
  )
  const reports = await reportFilesOf(runReportOf(source, runs))
  const own = { "result.json": toJson(result.document), ...summaryFiles(result.page) }
  return { ...Object.fromEntries(tags), ...own, ...reports }
}

function filesOf(run: TagRun): ResultFiles {
  return "promotion" in run ? promotionFiles(run.promotion, run.gate) : { "error.txt": `${run.error}\n` }
}
