// Chooses the SBOM of one platform among what is attached to it. Anyone who can write to a repository can attach, so
// every doubt is a problem by name; which problems block is the policy's business.
import type { Problem, SbomFact } from "../findings/assessment.js"
import { canonicalJson } from "../findings/canonical-json.js"
import { listSome } from "../list-some.js"
import { fingerprint } from "./fingerprint.js"
import { readCandidate, type ReadSbom } from "./read-candidate.js"
import { type SbomCandidate, type SelectedSbom, type WantedSbom } from "./sbom-candidate.js"

/** Digests in one message; anybody may attach any number. */
const maxNamed = 5

export type SbomChoice = {
  readonly selected?: SelectedSbom
  /** All others of the wanted type, usable or not. */
  readonly others: readonly SbomFact[]
  readonly problems: readonly Problem[]
}

/**
 * Selects the newest usable SBOM, a trusted one first, and reports everything that is wrong with any candidate of the
 * wanted type. Several that say different things are `SBOM_AMBIGUOUS`: one of them may be planted. Each problem tells who
 * signed what it is about: beside an SBOM that somebody trusted signed, the policy does not let anybody's junk decide.
 */
export function selectSbom(candidates: readonly SbomCandidate[], wanted: WantedSbom): SbomChoice {
  const problems: Problem[] = []
  const usable: ReadSbom[] = []
  const seen: SbomFact[] = []
  for (const candidate of [...candidates].sort(byDigest)) {
    const { sbom, problems: found } = readCandidate(candidate, wanted)
    const { referrer, blob, signature } = candidate
    if (sbom !== undefined || found.length > 0) seen.push({ referrer, blob, signature })
    problems.push(...found)
    if (sbom) usable.push(sbom)
  }
  const [selected, ...more] = usable.sort(bestFirst)
  if (selected === undefined)
    return { others: seen, problems: problems.length > 0 ? problems : [missing(wanted, candidates.length)] }
  const stages = more.filter((one) => isStageBeside(one, selected))
  const used = [selected, ...stages]
  const rivals = more.filter((one) => !stages.includes(one))
  const isUsed = ({ referrer, blob }: SbomFact) =>
    used.some(({ selected: { source } }) => referrer === source.referrer && blob === source.blob)
  const beside = stages.length === 0 ? {} : { beside: stages.map((one) => one.selected) }
  return {
    selected: { ...selected.selected, ...beside },
    others: seen.filter((fact) => !isUsed(fact)),
    problems: [...problems, ...ambiguities(used, rivals)],
  }
}

function missing({ predicateType, platformDigest }: WantedSbom, seen: number): Problem {
  const others = seen > 0 ? ` (${seen} attachments are of another type)` : ""
  const message = `no SBOM of type ${predicateType} is attached to ${platformDigest}${others}: attach one, or scan the image`
  return { code: "SBOM_MISSING", message }
}

/** BuildKit's SBOMs of several stages: bare statements in one manifest, which one producer wrote at once. */
function isStageBeside(one: ReadSbom, { selected, signature }: ReadSbom): boolean {
  const { source } = one.selected
  const bare = source.envelope === "statement" && selected.source.envelope === "statement"
  return (
    bare && source.referrer === selected.source.referrer && canonicalJson(one.signature) === canonicalJson(signature)
  )
}

/** One problem for each signer of SBOMs that say something else. */
function ambiguities(used: readonly ReadSbom[], rivals: readonly ReadSbom[]): Problem[] {
  const [{ selected }] = used as [ReadSbom]
  if (rivals.length === 0) return []
  const said = new Set(used.map((one) => fingerprint(one.selected)))
  const bySigner = new Map<string, ReadSbom[]>()
  for (const rival of rivals) {
    if (said.has(fingerprint(rival.selected))) continue
    const signer = canonicalJson(rival.signature)
    bySigner.set(signer, [...(bySigner.get(signer) ?? []), rival])
  }
  return [...bySigner.values()].flatMap(([first, ...more]) => {
    if (first === undefined) return []
    const names = listSome(
      [first, ...more].map((rival) => rival.selected.source.referrer),
      maxNamed,
    )
    const says = more.length === 0 ? "says" : "say"
    const chosen = `SBOM ${selected.source.referrer} was chosen of its format`
    const message = `${chosen}, but ${names} ${says} something else: remove the wrong one`
    return [{ code: "SBOM_AMBIGUOUS", message, signature: first.signature }]
  })
}

function byDigest(left: SbomCandidate, right: SbomCandidate): number {
  const order = (candidate: SbomCandidate) => `${candidate.referrer} ${candidate.blob}`
  return order(left) < order(right) ? -1 : 1
}

/**
 * A trusted one before all others, then by the date that the manifest states; without one last. The sort is stable, so
 * that digests decide between equals.
 */
function bestFirst(left: ReadSbom, right: ReadSbom): number {
  return Number(right.trusted) - Number(left.trusted) || right.created - left.created
}
