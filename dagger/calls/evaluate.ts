// Evaluate: stored or foreign reports judged again, now or as of another day. Nothing is read from a registry and
// nothing is written to one.
import type { Directory } from "@dagger.io/dagger"
import { assessReports } from "../../core/assess/assess-reports.js"
import { readVexFiles } from "../../core/assess/find-vex.js"
import { readRisk } from "../../core/assess/read-risk.js"
import { CsscError } from "../../core/errors.js"
import type { Assessment } from "../../core/findings/assessment.js"
import { type Digest, digestOf } from "../../core/oci/digest.js"
import { parseReference, pinnedName, repositoryName } from "../../core/oci/reference.js"
import { evaluate } from "../../core/policy/judge/evaluate.js"
import { givenToolbox, reportFiles, verdictFields, verdictLists } from "../session/gate-results.js"
import { readJsonFiles } from "../session/result-files.js"
import { begin, type Session } from "../session/session.js"
import type { State } from "../state/state.js"

export type EvaluateArguments = { readonly reports: Directory; readonly image: string; readonly asOf: string }

export async function runEvaluate(state: State, args: EvaluateArguments) {
  const { session, image, asOf, files } = await begin(state, {
    image: () => (args.image === "" ? undefined : namedImage(args.image)),
    asOf: () => (args.asOf === "" ? undefined : parseTime(args.asOf)),
    files: () => readJsonFiles(args.reports),
  })
  const { policy, now: clock } = session.operation
  const now = asOf ?? clock()
  const told = assessReports(files, { now, ...(image === undefined ? {} : { image }) })
  const assessment = await addInputs(session, told)
  // Not signed, since who brought the reports is not known.
  const verdict = evaluate(assessment, policy, { now })
  const named = args.image === "" ? {} : { named: args.image.trim() }
  const reports = reportFiles(assessment, givenReports(assessment, files))
  const fields = await verdictFields({ assessment, verdict, ...named }, reports, session.look)
  return { ...fields, ...verdictLists(verdict), containers: givenToolbox(state) }
}

// The scanner's reports among the files, by the platform that each was made for.
function givenReports({ platforms }: Assessment, files: readonly { readonly text: string }[]): Map<Digest, string> {
  const byDigest = new Map(files.map(({ text }) => [digestOf(text), text]))
  return new Map(
    platforms.flatMap(({ digest, scan }) => {
      const text = scan === undefined ? undefined : byDigest.get(scan.report)
      return text === undefined ? [] : [[digest, text] as const]
    }),
  )
}

// What the caller passes beside the reports. What the reports brought along stays as it was: that is what replays.
async function addInputs(session: Session, assessment: Assessment): Promise<Assessment> {
  const { feeds, policy, trust } = session.operation
  const given = readVexFiles(await session.vexFiles(), trust)
  const risk = assessment.risk ?? (await readRisk(feeds, policy, assessment))
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
