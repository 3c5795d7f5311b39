// What scans and gates keep between calls: finished JSON, a summary, and the reports as files.
import type { Directory, File } from "@dagger.io/dagger"
import { mergeReports } from "../../core/evidence/raw-report.js"
import { renderVerdict } from "../../core/evidence/render/render-verdict.js"
import { buildVerdictStatement } from "../../core/evidence/verdict-statement.js"
import { CsscError } from "../../core/errors.js"
import type { Assessment } from "../../core/findings/assessment.js"
import { canonicalJson } from "../../core/findings/canonical-json.js"
import { formatReference, parseReference, type PinnedReference, repositoryName } from "../../core/oci/reference.js"
import type { Scanned } from "../../core/assess/assess.js"
import type { GateResult } from "../../core/gate/gate-result.js"
import type { Verdict } from "../../core/policy/verdict/verdict.js"
import { readReports, reportFiles, type ResultFiles, toDirectory, toJson } from "./report-files.js"
import { Session } from "./session.js"
import { textFile } from "../state/settings.js"
import type { State } from "../state/state.js"
import { convertReport } from "../containers/trivy-convert.js"

export type ScanState = { assessment: string; markdown: string; files: Directory }
export type GateState = ScanState & { verdict: string }

/** A verdict with everything it was made from, as files; not signed, since who brought the reports is not known. */
export function gateState(assessment: Assessment, verdict: Verdict, files: ResultFiles): GateState {
  const [json, markdown] = [toJson(verdict), renderVerdict(verdict)]
  const all = { "assessment.json": toJson(assessment), ...files, "verdict.json": json, "summary.md": markdown }
  return { assessment: toJson(assessment), verdict: json, markdown, files: toDirectory(all) }
}

/** A gate's result as its object carries it: signed, if there is a key, since we scanned and judged ourselves. */
export function gateResultState(session: Session, gated: GateResult): GateState & { image: string } {
  const files = { ...scanFiles(gated), ...signedVerdict(session, gated.verdict) }
  const state = gateState(gated.assessment, gated.verdict, files)
  return { ...state, image: formatReference(gated.image) }
}

export function scanFiles({ assessment, reports }: Pick<Scanned, "assessment" | "reports">): ResultFiles {
  return { "assessment.json": toJson(assessment), ...reportFiles(assessment, reports) }
}

/** The image of a gate, from what its object carried. */
export function pinnedAgain(image: string): PinnedReference {
  const { digest, ...reference } = parseReference(image)
  if (digest === undefined) throw new CsscError("REFERENCE_INVALID", `"${image}" lost its digest`)
  return { ...reference, digest }
}

/** The gate's result again, from what its object carried. */
export async function restoreGate(
  { assessment, verdict, files }: GateState,
  image: PinnedReference,
): Promise<GateResult> {
  const parsed = JSON.parse(assessment) as Assessment
  return {
    image,
    assessment: parsed,
    verdict: JSON.parse(verdict) as Verdict,
    reports: await readReports(parsed, files),
  }
}

/** All platforms in one report, in a format of Trivy's. */
export async function runReport(state: State, { assessment, files }: ScanState, format: string): Promise<File> {
  const parsed = JSON.parse(assessment) as Assessment
  const reports = await readReports(parsed, files)
  const all = parsed.platforms.flatMap(({ platform, digest }) => {
    const text = reports.get(digest)
    return text === undefined ? [] : [{ platform, text }]
  })
  const merged = JSON.stringify(mergeReports(parsed.image.reference, all))
  if (format === "json") return textFile("report.json", merged)
  return convertReport((await Session.open(state)).settings.toolbox, merged, format)
}

// Named by the repository that was judged; the digest is what counts.
function signedVerdict({ caller }: Session, verdict: Verdict): ResultFiles {
  if (caller.signer === undefined) return {}
  const name = repositoryName(parseReference(verdict.image.reference))
  return { "verdict.sigstore.json": caller.signer.sign(canonicalJson(buildVerdictStatement(name, verdict))) }
}
