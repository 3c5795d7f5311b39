// Scan, evaluate and gate, as the module's objects need them: finished JSON, a summary, and the reports as files.
import type { Directory, File } from "@dagger.io/dagger"
import { CsscError } from "../src/errors.js"
import { renderVerdict } from "../src/evidence/render/verdict.js"
import { mergeReports } from "../src/evidence/raw-report.js"
import type { Assessment, ScanMethod } from "../src/findings/assessment.js"
import { predicateTypes, resolvePredicateType } from "../src/attestation/predicate-types.js"
import { parsePlatform } from "../src/oci/platform.js"
import { formatReference, parseReference, pinnedName, type PinnedReference } from "../src/oci/reference.js"
import { assess, type Scanned } from "../src/pipeline/assess.js"
import { gate } from "../src/pipeline/gate.js"
import { renderAssessment } from "../src/pipeline/render/assessment.js"
import type { GateResult } from "../src/pipeline/promotion-evidence.js"
import { assessReports } from "../src/policy/assess-reports.js"
import { evaluate } from "../src/policy/evaluate.js"
import type { Verdict } from "../src/policy/verdict.js"
import { readReports, reportFiles, type ResultFiles, toDirectory, toJson } from "./report-files.js"
import { Session } from "./session.js"
import { textFile } from "./settings.js"
import type { State } from "./state.js"
import { convertReport } from "./trivy-convert.js"

/** Report files that `evaluate` reads at most. */
export const MAX_REPORT_FILES = 1000

/** What an object of a scan or gate keeps between calls. */
export type ScanState = { assessment: string; markdown: string; files: Directory }
export type GateState = ScanState & { verdict: string }

export async function runScan(
  state: State,
  image: string,
  method: ScanMethod,
  predicateType: string,
): Promise<ScanState> {
  const session = new Session(state)
  const policy = await session.policy()
  const request = {
    image: await session.pin(image),
    method,
    predicateType: sbomType(predicateType),
    required: policy.evidence.required,
  }
  const scanned = await assess(session, request, session.context)
  const markdown = renderAssessment(scanned.assessment)
  return {
    assessment: toJson(scanned.assessment),
    markdown,
    files: toDirectory({ ...scanFiles(scanned), "summary.md": markdown }),
  }
}

export async function runEvaluate(state: State, reports: Directory, image: string, asOf: string): Promise<GateState> {
  const session = new Session(state)
  const policy = await session.policy()
  const now = asOf === "" ? session.context.now() : parseTime(asOf)
  const names = (await reports.glob("**/*.json")).sort()
  if (names.length > MAX_REPORT_FILES)
    throw new CsscError(
      "LIMIT_EXCEEDED",
      `the directory has ${names.length} JSON files, more than ${MAX_REPORT_FILES}: pass the reports of one image`,
    )
  const read = await Promise.all(names.map(async (name) => ({ name, text: await reports.file(name).contents() })))
  const assessment = assessReports(read, { now, ...(image === "" ? {} : { image: namedImage(image) }) })
  const verdict = evaluate(assessment, policy, { now })
  return gateState(assessment, verdict, {})
}

export async function runGate(
  state: State,
  image: string,
  method: ScanMethod,
  predicateType: string,
): Promise<GateState & { image: string }> {
  const session = new Session(state)
  const policy = await session.policy()
  const pinned = await session.pin(image)
  const gated = await gate(
    session,
    { image: pinned, method, predicateType: sbomType(predicateType) },
    policy,
    session.context,
  )
  return { ...gateState(gated.assessment, gated.verdict, scanFiles(gated)), image: formatReference(pinned) }
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
  return convertReport(new Session(state).settings.toolbox, merged, format)
}

export function sbomType(text: string): string {
  return resolvePredicateType(text === "" ? predicateTypes.cyclonedx : text)
}

/** Checks platform names before anything is read. */
export function parsePlatforms(platforms: readonly string[]): readonly string[] {
  for (const platform of platforms) parsePlatform(platform)
  return platforms
}

function scanFiles({ assessment, reports }: Pick<Scanned, "assessment" | "reports">): ResultFiles {
  return { "assessment.json": toJson(assessment), ...reportFiles(assessment, reports) }
}

function gateState(assessment: Assessment, verdict: Verdict, files: ResultFiles): GateState {
  const [json, markdown] = [toJson(verdict), renderVerdict(verdict)]
  const all = { "assessment.json": toJson(assessment), ...files, "verdict.json": json, "summary.md": markdown }
  return { assessment: toJson(assessment), verdict: json, markdown, files: toDirectory(all) }
}

// Reports do not say which image they are about; whoever passes them may.
function namedImage(image: string): Assessment["image"] {
  const { digest, ...reference } = parseReference(image)
  if (digest === undefined)
    throw new CsscError("REFERENCE_INVALID", `"${image}" has no digest: reports are about one, so say which`)
  return { reference: pinnedName({ ...reference, digest }), digest, mediaType: "" }
}

function parseTime(text: string): Date {
  const time = new Date(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00Z` : text)
  if (!Number.isNaN(time.getTime())) return time
  throw new CsscError("ARGUMENT_INVALID", `"${text.slice(0, 80)}" is not a time: expected YYYY-MM-DD or RFC 3339`)
}
