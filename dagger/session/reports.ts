// Reports of a result as files beside it. What makes them is a bundle of its own: only calls that have results load it.
import type { Assessment } from "../../core/findings/assessment.js"
import type { GateResult } from "../../core/gate/gate-result.js"
import { formatReference } from "../../core/oci/reference.js"
import type { Verdict } from "../../core/policy/verdict/verdict.js"
import type { PromotionResult } from "../../core/promote/promotion-result.js"
import type { TagRun } from "../../core/promote/quarantine-run.js"
import { type Report, type ReportedImage, withoutDigest } from "../../core/report/report.js"
import type { ResultFiles } from "./result-files.js"

/** A report is never worth the result that it is about: what cannot be told in one is said instead. */
export async function reportFilesOf(report: Omit<Report, "generatedAt">): Promise<ResultFiles> {
  try {
    const { reportDocuments } = await import("#report")
    return reportDocuments({ ...report, generatedAt: new Date().toISOString() })
  } catch (error) {
    const text = `the reports could not be made: ${error instanceof Error ? error.message : String(error)}`
    console.error(`cssc: ${JSON.stringify(text)}`)
    return { "report-error.txt": `${text}\n` }
  }
}

export function scanReport(assessment: Assessment, named: string): Omit<Report, "generatedAt"> {
  const name = withoutDigest(named)
  const image = { name, digest: assessment.image.digest, outcome: "scanned" as const, assessment }
  return { title: name, kind: "scan", images: [image] }
}

export function gateReport(assessment: Assessment, verdict: Verdict, named: string): Omit<Report, "generatedAt"> {
  const name = withoutDigest(named)
  const { outcome, image } = verdict
  return { title: name, kind: "gate", images: [{ name, digest: image.digest, outcome, assessment, verdict }] }
}

export function promotionReport(promotion: PromotionResult, gated: GateResult): Omit<Report, "generatedAt"> {
  const image = promoted(promotion, gated)
  return { title: image.name, kind: "promotion", images: [image] }
}

/** `source` is the quarantine: what failed is only known by its tag. */
export function runReportOf(source: string, runs: readonly TagRun[]): Omit<Report, "generatedAt"> {
  const images = runs.map((run): ReportedImage => {
    if ("promotion" in run) return promoted(run.promotion, run.gate)
    return { name: `${source}:${run.tag}`, outcome: "failed", note: run.error }
  })
  return { title: source, kind: "run", images }
}

function promoted({ outcome, digest, target, error }: PromotionResult, gated: GateResult): ReportedImage {
  const { assessment, verdict } = gated
  const name = withoutDigest(formatReference(gated.image))
  return { name, digest, outcome, target, assessment, verdict, ...(error === undefined ? {} : { note: error }) }
}
