// The findings of all platforms in one file, in a format of Trivy's.
import type { Container, Directory, File } from "@dagger.io/dagger"
import { mergeReports } from "../../core/evidence/raw-report.js"
import { toolbox } from "../containers/toolbox.js"
import { convertReport } from "../containers/trivy-convert.js"
import { readScan } from "../session/gate-results.js"
import { textFile } from "../state/settings.js"

/** An object with results, and the toolbox that was given, if any. */
export type Reported = { readonly results: Directory; readonly containers: readonly Container[] }

export async function runReport({ results, containers }: Reported, format: string): Promise<File> {
  const { assessment, reports } = await readScan(results)
  const all = assessment.platforms.flatMap(({ platform, digest }) => {
    const text = reports.get(digest)
    return text === undefined ? [] : [{ platform, text }]
  })
  const merged = JSON.stringify(mergeReports(assessment.image.reference, all))
  if (format === "json") return textFile("report.json", merged)
  return convertReport(toolbox(containers[0]), merged, format)
}
