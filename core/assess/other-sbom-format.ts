// An SBOM in one format beside what was found in the format that is looked for first. Whichever is used, who signed the
// other and what is wrong with it is told: a tampered one is as good as tampered with alone.
import { type SignatureFact, unsigned } from "../attestation/signature.js"
import type { Problem, SbomFact } from "../findings/assessment.js"
import { canonicalJson } from "../findings/canonical-json.js"
import { saysMore } from "../sbom/other-format.js"
import type { SelectedSbom } from "../sbom/sbom-candidate.js"
import type { SbomChoice } from "../sbom/select-sbom.js"
import { partsOf, wholeOf } from "../sbom/whole-sbom.js"

/** The other is used, as somebody trusted signed it. */
export function insteadOfFirst(first: SbomChoice, other: SbomChoice): SbomChoice {
  const others = [...other.others, ...factsOf(first.selected), ...first.others]
  return { ...other, others: told(others, other.selected), problems: eachOnce([...other.problems, ...first.problems]) }
}

/** The first is used, if it can be; the other is scanned as well when it says more. */
export function besideFirst(
  first: SbomChoice,
  other: SbomChoice,
  isTrusted: (signature: SignatureFact) => boolean,
): SbomChoice {
  const { selected } = first
  const said = other.selected
  if (selected === undefined) return { ...first, others: told([...first.others, ...factsOf(said), ...other.others]) }
  const more = said !== undefined && saysMore(wholeOf(said).sbom, wholeOf(selected).sbom)
  const scanned = more ? { scanned: true as const } : {}
  const facts = factsOf(said).map((fact) => ({ ...fact, ...scanned }))
  const problems = other.problems
    .filter((problem) => counts(problem, isTrusted))
    .map((one) => withWayOut(one, selected))
  return {
    selected: more ? { ...selected, beside: [...(selected.beside ?? []), ...partsOf(said)] } : selected,
    others: told([...facts, ...first.others, ...other.others], selected),
    problems: eachOnce([...first.problems, ...problems]),
  }
}

/**
 * One that cannot be used is no other word, except when somebody trusted signed it or nobody knows whose it is; two that
 * differ may be a publisher's and a stranger's.
 */
function counts({ code, signature }: Problem, isTrusted: (signature: SignatureFact) => boolean): boolean {
  return code === "SBOM_AMBIGUOUS" || signature === undefined || isTrusted(signature)
}

function withWayOut(problem: Problem, { source: { format, referrer } }: SelectedSbom): Problem {
  const wayOut = `or pass --predicate-type ${format} to be judged by SBOM ${referrer} alone`
  return problem.code === "SBOM_AMBIGUOUS" ? { ...problem, message: `${problem.message}; ${wayOut}` } : problem
}

function factsOf(selected: SelectedSbom | undefined): readonly SbomFact[] {
  const parts = selected === undefined ? [] : partsOf(selected)
  return parts.map(({ source: { referrer, blob, signature = unsigned } }) => ({ referrer, blob, signature }))
}

/** Each document once, the first word on it; what was used is no other. */
function told(facts: readonly SbomFact[], used?: SelectedSbom): readonly SbomFact[] {
  const key = ({ referrer, blob }: SbomFact) => `${referrer} ${blob}`
  const seen = new Set(factsOf(used).map(key))
  return facts.filter((fact) => !seen.has(key(fact)) && seen.add(key(fact)))
}

/** Each problem once; that one format is missing is none where the other is there. */
function eachOnce(problems: readonly Problem[]): readonly Problem[] {
  const present = problems.filter(({ code }) => code !== "SBOM_MISSING")
  return [...new Map(present.map((problem) => [canonicalJson(problem), problem])).values()]
}
