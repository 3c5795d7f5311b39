// A signed verdict with the results that it was made from: its digests bind them, so that they can be judged again
// under the caller's own policy and at the caller's own time, without another scan.
import { CsscError } from "../errors.js"
import type { Assessment } from "../findings/assessment.js"
import { assessmentDigest } from "../findings/canonical-assessment.js"
import { parseAssessment } from "../findings/parse-assessment.js"
import { type Digest, digestOf } from "../oci/digest.js"
import { parseReference, type PinnedReference, type Reference } from "../oci/reference.js"
import type { Operation } from "../operation.js"
import { evaluate } from "../policy/judge/evaluate.js"
import type { Override, Verdict } from "../policy/verdict/verdict.js"
import { ownNames } from "../trust.js"
import type { GateResult } from "./gate-result.js"

/** The files of a gate's results: assessment.json and the scanner's reports. */
export type ResultFile = { readonly name: string; readonly text: string }

/** A signed verdict, the image that it is about, and the files beside it. */
export type SignedResults = {
  readonly verdict: Verdict
  readonly image: PinnedReference
  readonly files: readonly ResultFile[]
}

/** Judges again what a signed verdict was made from; throws `VERDICT_UNTRUSTED` when a file is not what was signed. */
export function replaySigned(
  { policy, trust, now }: Pick<Operation, "policy" | "trust" | "now">,
  { verdict, image, files }: SignedResults,
): GateResult {
  const assessment = boundAssessment(verdict, files)
  const reports = boundReports(assessment, files)
  const override = overrideIn(verdict)
  const options = { now: now(), ownKeys: ownNames(trust), ...(override === undefined ? {} : { override }) }
  const again = evaluate(assessment, policy, options)
  return { image, assessment, reports, verdict: again }
}

/** The override that a verdict was made with, without what it did there. */
export function overrideIn({ override }: Verdict): Override | undefined {
  if (override === undefined) return undefined
  const { state: _state, covered: _covered, notFound: _notFound, ...granted } = override
  return granted
}

/** The image that a verdict was compared with, by its digest; only a signed one may say what to compare with again. */
export function baselineIn({ regression }: Verdict): Reference | undefined {
  return regression === undefined ? undefined : parseReference(regression.baseline)
}

function boundAssessment(verdict: Verdict, files: readonly ResultFile[]): Assessment {
  const file = files.find(({ name }) => name === "assessment.json" || name.endsWith("/assessment.json"))
  if (file === undefined) throw refuse("there is no assessment.json beside the reports")
  const assessment = parseAssessment(file.text, file.name)
  const digest = assessmentDigest(assessment)
  if (digest === verdict.assessment) return assessment
  throw refuse(`${file.name} is not what was judged: expected ${verdict.assessment}, got ${digest}`)
}

function boundReports({ platforms }: Assessment, files: readonly ResultFile[]): Map<Digest, string> {
  const byDigest = new Map(files.map(({ text }) => [digestOf(text), text]))
  const reports = platforms.flatMap(({ digest, platform, scan }) => {
    if (scan === undefined) return []
    const text = byDigest.get(scan.report)
    if (text === undefined) throw refuse(`the report of ${platform} (${scan.report}) is not among the files`)
    return [[digest, text] as const]
  })
  return new Map(reports)
}

function refuse(why: string): CsscError {
  return new CsscError(
    "VERDICT_UNTRUSTED",
    `the results do not belong to the signed verdict: ${why}; nothing was promoted`,
  )
}
