// Evaluate: stored or foreign reports judged again, now or as of another day. Nothing is read from a registry and
// nothing is written to one.
import type { Directory } from "@dagger.io/dagger"
import { CsscError } from "../../core/errors.js"
import type { Assessment } from "../../core/findings/assessment.js"
import { parseReference, pinnedName, repositoryName } from "../../core/oci/reference.js"
import { readVexFiles } from "../../core/assess/find-vex.js"
import { readRisk } from "../../core/assess/read-risk.js"
import { trustOf } from "../../core/trust.js"
import { assessReports } from "../../core/policy/assess-reports.js"
import { evaluate } from "../../core/policy/evaluate.js"
import type { Policy } from "../../core/policy/document/policy.js"
import { gateState, type GateState } from "./gate-state.js"
import { Session } from "./session.js"
import type { State } from "../state/state.js"

/** Report files that `evaluate` reads at most. */
export const MAX_REPORT_FILES = 1000

export async function runEvaluate(state: State, reports: Directory, image: string, asOf: string): Promise<GateState> {
  const session = await Session.open(state)
  const policy = await session.policy()
  const now = asOf === "" ? session.caller.now() : parseTime(asOf)
  const read = await readFiles(reports)
  const told = assessReports(read, { now, ...(image === "" ? {} : { image: namedImage(image) }) })
  const assessment = await addInputs(session, policy, told)
  return gateState(assessment, evaluate(assessment, policy, { now }), {})
}

/** The JSON files of a result directory, by path. */
export async function readFiles(reports: Directory): Promise<{ readonly name: string; readonly text: string }[]> {
  const names = (await reports.glob("**/*.json")).sort()
  if (names.length > MAX_REPORT_FILES)
    throw new CsscError(
      "LIMIT_EXCEEDED",
      `the directory has ${names.length} JSON files, more than ${MAX_REPORT_FILES}: pass the reports of one image`,
    )
  return Promise.all(names.map(async (name) => ({ name, text: await reports.file(name).contents() })))
}

// What the caller passes beside the reports. What the reports brought along stays as it was: that is what replays.
async function addInputs(session: Session, policy: Policy, assessment: Assessment): Promise<Assessment> {
  const given = readVexFiles(await session.vexFiles(), trustOf(policy, session.caller))
  const risk = assessment.risk ?? (await readRisk(session.feeds, policy, assessment))
  const known = assessment.vex ?? { documents: [], problems: [], products: [productOf(assessment)] }
  const vex = {
    documents: [...known.documents, ...given.documents],
    problems: [...known.problems, ...given.problems],
    products: known.products,
  }
  return {
    ...assessment,
    ...(vex.documents.length + vex.problems.length === 0 ? {} : { vex }),
    ...(risk === undefined ? {} : { risk }),
  }
}

function productOf({ image, platforms }: Assessment) {
  const { tag, ...reference } = parseReference(image.reference)
  const digests = [image.digest, ...platforms.map(({ digest }) => digest)]
  return {
    repository: repositoryName(reference),
    digests,
    ...(tag === undefined ? {} : { tag }),
    by: "image" as const,
  }
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
