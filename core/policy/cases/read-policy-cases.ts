// Reads a file of cases: every problem at once, with its line, also those that no schema sees. What names something
// that is not there is a problem: such a case would pass for the wrong reason.
import { CsscError } from "../../errors.js"
import type { Assessment } from "../../findings/assessment.js"
import { parseAssessment } from "../../findings/parse-assessment.js"
import { plainWords } from "../../plain-words.js"
import type { Policy } from "../document/policy.js"
import { type FileProblem, type LineOf, problemAt, problemsOf } from "../document/policy-problems.js"
import { readPolicyYaml } from "../document/policy-yaml.js"
import { casesSchema, type PolicyCase } from "./policy-case.js"
import { assessmentOf, platformsOf } from "./policy-case-assessment.js"

/** A case that can be judged. */
export type ReadyCase = {
  readonly name: string
  readonly line?: number
  readonly at: Date
  readonly assessment: Assessment
  readonly expect: PolicyCase["expect"]
}

export type CaseFiles = { readonly now?: Date | undefined; readonly files: ReadonlyMap<string, string> }

export type ReadCases = { readonly cases: readonly ReadyCase[] } | { readonly problems: readonly FileProblem[] }

const exampleImage = "registry.example.com/quarantine/app"

export function readCases(text: string, source: string, policy: Policy, given: CaseFiles): ReadCases {
  const { problems: syntax, value, lineOf } = readPolicyYaml(text, source)
  if (syntax.length > 0) return { problems: syntax }
  const parsed = casesSchema.safeParse(value, { error: plainWords })
  if (!parsed.success) return { problems: problemsOf(parsed.error, lineOf) }
  const { cases } = parsed.data
  const read = cases.map((one, at) => readCase(one, ["cases", at], policy, given, lineOf))
  const problems = [...sameNames(cases, lineOf), ...read.flatMap((one) => ("problems" in one ? one.problems : []))]
  if (problems.length > 0) return { problems }
  return { cases: read.flatMap((one) => ("assessment" in one ? one : [])) }
}

type Path = readonly PropertyKey[]

function readCase(
  one: PolicyCase,
  path: Path,
  policy: Policy,
  { now, files }: CaseFiles,
  lineOf: LineOf,
): ReadyCase | { problems: readonly FileProblem[] } {
  const at = one.at === undefined ? now : momentOf(one.at)
  const problems = givenProblems(one, path, policy, lineOf)
  if (at === undefined) problems.push(problemAt(path, "needs at: when is the image judged?", lineOf))
  const stored = one.assessment === undefined ? undefined : readStored(one.assessment, files)
  if (typeof stored === "string") problems.push(problemAt([...path, "assessment"], stored, lineOf))
  if (problems.length > 0 || at === undefined || typeof stored === "string") return { problems }
  const line = lineOf(path)
  const { name, given = {}, image = exampleImage, expect } = one
  const assessment = stored ?? assessmentOf({ image, at, given, policy })
  return { name, ...(line === undefined ? {} : { line }), at, assessment, expect }
}

/** The assessment, or why there is none. */
function readStored(path: string, files: ReadonlyMap<string, string>): Assessment | string {
  const text = files.get(path)
  if (text === undefined) return `there is no file ${JSON.stringify(path)} among those that were passed`
  try {
    return parseAssessment(text, path)
  } catch (error) {
    if (error instanceof CsscError) return error.reason
    throw error
  }
}

function givenProblems({ given }: PolicyCase, path: Path, policy: Policy, lineOf: LineOf): FileProblem[] {
  if (given === undefined) return []
  const { findings = [], "known-exploited": exploited = [], epss = {}, "signed-by": signer, promoted = {} } = given
  const platforms = platformsOf(given, policy)
  const known = new Set(findings.flatMap(({ id, aliases = [] }) => [id, ...aliases]))
  const unknown = (key: string, id: string, at: PropertyKey): [Path, string][] =>
    known.has(id) ? [] : [[["given", key, at], `${id} is not among the findings of this case`]]
  const old = promoted === "none" ? [] : (promoted.findings ?? [])
  const found: [Path, string][] = [
    ...findings.flatMap(({ platform }, at): [Path, string][] =>
      platform === undefined || platforms.includes(platform)
        ? []
        : [[["given", "findings", at, "platform"], `is not among the platforms of this case: ${platforms.join(", ")}`]],
    ),
    ...(exploited === "missing" ? [] : exploited.flatMap((id, at) => unknown("known-exploited", id, at))),
    ...(epss === "missing" ? [] : Object.keys(epss).flatMap((id) => unknown("epss", id, id))),
    ...old.flatMap((id) => unknown("promoted", id, "findings")),
    ...(signer === undefined || policy.trusted.some(({ publisher }) => publisher === signer)
      ? []
      : [[["given", "signed-by"], "no publisher in the policy's trusted has this name"] as [Path, string]]),
  ]
  return found.map(([below, message]) => problemAt([...path, ...below], message, lineOf))
}

function sameNames(cases: readonly PolicyCase[], lineOf: LineOf): FileProblem[] {
  const seen = new Set<string>()
  return cases.flatMap(({ name }, at) => {
    if (!seen.has(name)) return (seen.add(name), [])
    return [problemAt(["cases", at, "name"], "another case has this name", lineOf)]
  })
}

// A day is meant from its start.
function momentOf(text: string): Date {
  return new Date(text.length === 10 ? `${text}T00:00:00Z` : text)
}
