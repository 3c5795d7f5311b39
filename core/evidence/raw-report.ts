// Trivy's reports as evidence: of one platform as the scanner wrote it, of an index all platforms' merged into one.
// Both are unfiltered, so that a stricter policy can be replayed on them.
import { z } from "zod"
import { compareText } from "../findings/canonical-json.js"
import { reportBounds } from "../findings/trivy-report.js"
import { checkSchema, isRecord, parseJson } from "../oci/json.js"

export type RawReport = { readonly platform: string; readonly text: string }

export type MergedReport = {
  readonly SchemaVersion: 2
  readonly ArtifactName: string
  readonly ArtifactType: "container_image"
  /** What each platform's report said of itself. */
  readonly Platforms: readonly Readonly<Record<string, unknown>>[]
  /** All results, each with its `Platform`. */
  readonly Results: readonly Readonly<Record<string, unknown>>[]
}

const reportSchema = z.looseObject({
  SchemaVersion: z.literal(2),
  Results: z.array(z.custom<Record<string, unknown>>(isRecord, "expected a mapping")).nullish(),
})

/** A scanner's report as a JSON value, with nothing left out. */
export function readRawReport({ platform, text }: RawReport): Readonly<Record<string, unknown>> {
  const what = `Trivy's report of ${platform}`
  const value = parseJson(text, reportBounds(what))
  return checkSchema(reportSchema, value, "REPORT_INVALID", what)
}

/** One report for an index, in the order of platforms, whatever the order of the inputs. */
export function mergeReports(artifactName: string, reports: readonly RawReport[]): MergedReport {
  const sorted = [...reports].sort((a, b) => compareText(a.platform, b.platform) || compareText(a.text, b.text))
  const read = sorted.map((report) => ({ platform: report.platform, document: readRawReport(report) }))
  return {
    SchemaVersion: 2,
    ArtifactName: artifactName,
    ArtifactType: "container_image",
    Platforms: read.map(({ platform, document: { Results: _results, ...rest } }) => ({ ...rest, Platform: platform })),
    Results: read.flatMap(({ platform, document }) => {
      const results = (document["Results"] ?? []) as readonly Record<string, unknown>[]
      return results.map((result) => ({ ...result, Platform: platform }))
    }),
  }
}
