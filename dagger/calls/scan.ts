// What a scanner finds in an image, before any policy looks at it.
import { assess } from "../../core/assess/assess.js"
import { renderAssessment } from "../../core/assess/render-assessment.js"
import type { ScanMethod } from "../../core/findings/assessment.js"
import { formatReference } from "../../core/oci/reference.js"
import { scratchDirectory } from "../containers/scratch.js"
import { givenToolbox, reportFiles } from "../session/gate-results.js"
import { namedReference, sbomType } from "../session/image-arguments.js"
import { reportFilesOf, scanReport } from "../session/reports.js"
import { requestFiles, toJson } from "../session/result-files.js"
import { begin } from "../session/session.js"
import { summaryFiles, tell } from "../session/tell.js"
import type { State } from "../state/state.js"

export type ScanArguments = { readonly image: string; readonly method: ScanMethod; readonly predicateType: string }

export async function runScan(state: State, args: ScanArguments) {
  const { session, reference, predicateType } = await begin(state, {
    reference: () => namedReference(args.image),
    predicateType: () => sbomType(args.predicateType),
  })
  const vex = await session.vexFiles()
  const image = await session.pin(reference)
  const request = { image, method: args.method, predicateType, vex }
  const { assessment, reports } = await assess(session.operation, request)
  const json = toJson(assessment)
  const page = renderAssessment(assessment, formatReference(image))
  const made = await reportFilesOf(scanReport(assessment, formatReference(image)))
  const own = { "assessment.json": json, ...reportFiles(assessment, reports), ...requestFiles(session.registry) }
  const files = { ...own, ...summaryFiles(page), ...made }
  return { ...tell(page, session.look), json, results: scratchDirectory(files), containers: givenToolbox(state) }
}
