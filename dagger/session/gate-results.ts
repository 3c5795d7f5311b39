// The results of scans and gates as files, and read back from them: what a later step needs lies there alone.
import type { Container, Directory } from "@dagger.io/dagger"
import { CsscError } from "../../core/errors.js"
import { renderVerdict } from "../../core/evidence/render/render-verdict.js"
import { counts } from "../../core/evidence/render/verdict-counts.js"
import { reportPath, requireReport } from "../../core/evidence/report-file.js"
import type { Assessment } from "../../core/findings/assessment.js"
import type { GateResult } from "../../core/gate/gate-result.js"
import type { Digest } from "../../core/oci/digest.js"
import { parseReference, type PinnedReference } from "../../core/oci/reference.js"
import type { Verdict } from "../../core/policy/verdict/verdict.js"
import { scratchDirectory } from "../containers/scratch.js"
import { readConfig, type State } from "../state/state.js"
import { gateReport, reportFilesOf } from "./reports.js"
import { type ResultFields, type ResultFiles, toJson } from "./result-files.js"
import { type Look, summaryFiles, tell } from "./tell.js"

/** What a gate's object carries for the next step. */
export type GateState = State & { readonly image: string; readonly results: Directory }

/** A verdict's own fields, with its directory. */
export type VerdictFields = ResultFields & { readonly outcome: string; readonly passed: boolean }

/** What was judged; `named` is the image as it was asked for, with its tag. */
export type Judged = { readonly assessment: Assessment; readonly verdict: Verdict; readonly named?: string }

/** A verdict with everything it was made from. */
export async function verdictFields(
  { assessment, verdict, named = assessment.image.reference }: Judged,
  more: ResultFiles,
  look: Look,
): Promise<VerdictFields> {
  const json = toJson(verdict)
  const page = renderVerdict(verdict, named)
  const reports = await reportFilesOf(gateReport(assessment, verdict, named))
  const own = { "verdict.json": json, ...summaryFiles(page), ...reports }
  const files = { "assessment.json": toJson(assessment), ...more, ...own }
  return {
    ...tell(page, look),
    json,
    results: scratchDirectory(files),
    outcome: verdict.outcome,
    passed: verdict.passed,
  }
}

/** What is read off a verdict. */
export function verdictLists(verdict: Verdict) {
  const { blocking, remaining, excepted } = verdict
  return {
    blocking: [...blocking],
    remaining: [...remaining],
    excepted: [...excepted],
    counts: JSON.stringify(counts(verdict)),
  }
}

/** The toolbox that was given, if any, as an object carries it that needs nothing else of the configuration. */
export function givenToolbox(state: State): Container[] {
  const { toolbox } = readConfig(state)
  return toolbox === undefined ? [] : state.containers.slice(toolbox, toolbox + 1)
}

/** The raw reports of an assessment as `reports/<platform>-<digest>.json`, with the whole digest. */
export function reportFiles(assessment: Assessment, reports: ReadonlyMap<Digest, string>): ResultFiles {
  return Object.fromEntries(
    assessment.platforms.flatMap((platform) => {
      const text = reports.get(platform.digest)
      return text === undefined ? [] : [[reportPath(platform), text] as const]
    }),
  )
}

// Directories of our own objects never left the engine: they hold what was put in.
export async function readVerdict(results: Directory): Promise<Verdict> {
  return JSON.parse(await results.file("verdict.json").contents()) as Verdict
}

export async function readScan(results: Directory): Promise<Pick<GateResult, "assessment" | "reports">> {
  const assessment = JSON.parse(await results.file("assessment.json").contents()) as Assessment
  const scanned = assessment.platforms.filter(({ scan }) => scan !== undefined)
  const reports = scanned.map(async (platform) => {
    return [platform.digest, requireReport(await results.file(reportPath(platform)).contents(), platform)] as const
  })
  return { assessment, reports: new Map(await Promise.all(reports)) }
}

/** The gate's result again, from what its object carries. */
export async function readGate({ image, results }: GateState): Promise<GateResult> {
  const [verdict, scan] = await Promise.all([readVerdict(results), readScan(results)])
  return { image: pinnedAgain(image), verdict, ...scan }
}

function pinnedAgain(image: string): PinnedReference {
  const { digest, ...reference } = parseReference(image)
  if (digest === undefined) throw new CsscError("REFERENCE_INVALID", `"${image}" lost its digest`)
  return { ...reference, digest }
}
