// A scanner's raw report as a file beside its assessment. The name has the whole digest of what was scanned: with a part of
// it, two images could be made to share a file. What is read back is compared with what was judged.
import { CsscError } from "../errors.js"
import type { PlatformAssessment } from "../findings/assessment.js"
import { digestOf } from "../oci/digest.js"

/** `reports/<platform>-<algorithm>-<digest>.json`. */
export function reportPath({ platform, digest }: Pick<PlatformAssessment, "platform" | "digest">): string {
  return `reports/${platform.replace(/[^a-z0-9.]+/gi, "-")}-${digest.replace(":", "-")}.json`
}

/** The report as it was judged; throws `REPORT_INVALID` for any other. */
export function requireReport(text: string, { platform, digest, scan }: PlatformAssessment): string {
  const found = digestOf(text)
  if (scan === undefined || found === scan.report) return text
  throw new CsscError(
    "REPORT_INVALID",
    `the report of ${platform} (${digest}) is not the one that was judged: expected ${scan.report}, got ${found}`,
  )
}
