// Everything that may be a platform's SBOM, fetched. The choice, and the check of the subject, is made in src/sbom.
import { samePredicateFamily, sbomFormat, sbomTypesWanted } from "../attestation/predicate-types.js"
import { type SignatureFact, unsigned } from "../attestation/signature.js"
import { trustsNobody } from "../attestation/trust-store.js"
import { readFailure } from "../errors.js"
import type { Problem } from "../findings/assessment.js"
import {
  type AttachedDocument,
  attestationTag,
  type DocumentReader,
  listReferrers,
  type Place,
  placesOf,
  readPlace,
} from "../image/attached-documents.js"
import type { ImageGraph } from "../image/image-graph.js"
import type { Manifest } from "../oci/manifest.js"
import { pinnedName, type PinnedReference } from "../oci/reference.js"
import type { ReferrerTree } from "../oci/referrers.js"
import { isTrustedSignature } from "../policy/judge/trusted-signature.js"
import { saysMore } from "../sbom/other-format.js"
import { type SelectedSbom, type WantedSbom } from "../sbom/sbom-candidate.js"
import { type SbomChoice, selectSbom } from "../sbom/select-sbom.js"
import { partsOf, wholeOf } from "../sbom/whole-sbom.js"
import type { AssessmentScope } from "./scan-request.js"

export type FoundSbom = SbomChoice

type SbomScope = Pick<AssessmentScope, "registry" | "trust" | "policy" | "predicateType">

/**
 * Finds the SBOM of a platform; the graph is of the image that the platform was listed in. When the caller named no type,
 * the other format is used where the first is not there at all: the SBOM's source says which it is. Where both are there
 * and nobody trusted signed the first, the other is used when somebody did, and beside it when it says more: else whoever
 * may attach could hide a publisher's SBOM by one in the format that is looked for first.
 */
export async function findSbom(scope: SbomScope, platform: PinnedReference, image: ImageGraph): Promise<FoundSbom> {
  const [first, ...more] = sbomTypesWanted(scope.predicateType)
  const found = await findOfType({ ...scope, predicateType: first }, platform, image)
  const isMissing = found.selected === undefined && found.problems.every(({ code }) => code === "SBOM_MISSING")
  if (!isMissing) return withMore(scope, platform, image, found, more)
  if (more.length === 0) return withHint(found, await otherFormats(scope, platform, image, first))
  for (const predicateType of more) {
    const other = await findOfType({ ...scope, predicateType }, platform, image)
    if (other.selected !== undefined || other.problems.some(({ code }) => code !== "SBOM_MISSING")) return other
  }
  return found
}

async function withMore(
  scope: SbomScope,
  platform: PinnedReference,
  image: ImageGraph,
  found: FoundSbom,
  types: readonly string[],
): Promise<FoundSbom> {
  const { selected } = found
  if (selected === undefined || isTrusted(scope, image, found)) return found
  const tree = await listOrExplain(scope.registry, platform, image.manifest)
  if ("problem" in tree) return found
  const beside: SelectedSbom[] = []
  const problems: Problem[] = []
  for (const predicateType of types) {
    const places = placesOf(tree, image.manifest, predicateType)
    const other = await readPlaces({ ...scope, predicateType }, platform, image, places)
    if (isTrusted(scope, image, other.found)) return other.found
    // One that cannot be used is no other word; two that differ may be a publisher's and a stranger's.
    problems.push(...other.found.problems.filter(({ code }) => code === "SBOM_AMBIGUOUS"))
    const said = other.found.selected
    if (said !== undefined && saysMore(wholeOf(said).sbom, wholeOf(selected).sbom)) beside.push(...partsOf(said))
  }
  const all = beside.length === 0 ? selected : { ...selected, beside: [...(selected.beside ?? []), ...beside] }
  return { ...found, selected: all, problems: [...found.problems, ...problems] }
}

function isTrusted({ policy }: SbomScope, image: ImageGraph, { selected }: FoundSbom): boolean {
  return isTrustedSignature(selected?.source.signature ?? unsigned, policy, pinnedName(image.reference))
}

/** The formats that are listed beside the one that the caller asked for and did not get. */
async function otherFormats(scope: SbomScope, platform: PinnedReference, image: ImageGraph, asked: string) {
  const tree = await listOrExplain(scope.registry, platform, image.manifest)
  if ("problem" in tree) return []
  const others = sbomTypesWanted("").filter((type) => !samePredicateFamily(type, asked))
  return others
    .filter((type) => placesOf(tree, image.manifest, type).length > 0)
    .map((type) => sbomFormat(type) ?? type)
}

function withHint(found: FoundSbom, formats: readonly string[]): FoundSbom {
  if (formats.length === 0) return found
  const hint = `; of type ${formats.join(" and ")} there is an attachment: ask for that with --predicate-type`
  return { ...found, problems: found.problems.map((one) => ({ ...one, message: `${one.message}${hint}` })) }
}

async function findOfType(scope: SbomScope, platform: PinnedReference, image: ImageGraph): Promise<FoundSbom> {
  const { registry, trust, predicateType } = scope
  const tree = await listOrExplain(registry, platform, image.manifest)
  if ("problem" in tree) return { others: [], problems: [tree.problem] }
  const places = placesOf(tree, image.manifest, predicateType)
  const { read: attached, found } = await readPlaces(scope, platform, image, places)
  const { selected } = found
  // Read only when it can change the choice: where nothing is found, or where a signed one could hide behind an unsigned.
  if (isTrusted(scope, image, found) || (selected !== undefined && trustsNobody(trust))) return found
  const tagged = await attestationTag(registry, platform)
  const others = tagged.filter(({ digest }) => !places.some((place) => place.digest === digest))
  return others.length === 0 ? found : (await readPlaces(scope, platform, image, others, attached)).found
}

/** What is said in these places, and what is chosen of it with what was read before. */
async function readPlaces(
  scope: SbomScope,
  platform: PinnedReference,
  image: ImageGraph,
  places: readonly Place[],
  before: readonly Read[] = [],
): Promise<{ readonly read: readonly Read[]; readonly found: FoundSbom }> {
  const { policy, predicateType } = scope
  const name = pinnedName(image.reference)
  const trusted = (signature: SignatureFact) => isTrustedSignature(signature, policy, name)
  const wanted = { predicateType, platformDigest: platform.digest, isTrusted: trusted }
  const read = [...before, ...(await Promise.all(places.map((place) => readSboms(scope, platform, place))))]
  return { read, found: select(read, wanted) }
}

type Read = { readonly documents: readonly AttachedDocument[]; readonly problems: readonly Problem[] }

// What an attachment says of itself is nobody's word; that a registry does not answer can hide anybody's.
async function readSboms(scope: SbomScope, platform: PinnedReference, place: Place): Promise<Read> {
  try {
    const { documents, problem } = await readPlace(scope, platform, place, scope.predicateType)
    if (problem === undefined) return { documents, problems: [] }
    return { documents, problems: [{ code: "SBOM_UNREADABLE", message: problem, signature: unsigned }] }
  } catch (error) {
    const message = `attachment ${place.digest} could not be read: ${readFailure(error).reason}`
    return { documents: [], problems: [{ code: "SBOM_UNREADABLE", message }] }
  }
}

function select(read: readonly Read[], wanted: WantedSbom): FoundSbom {
  const found = selectSbom(
    read.flatMap(({ documents }) => documents),
    wanted,
  )
  return { ...found, problems: [...read.flatMap(({ problems }) => problems), ...found.problems] }
}

async function listOrExplain(
  registry: DocumentReader,
  platform: PinnedReference,
  image: Manifest,
): Promise<ReferrerTree | { problem: Problem }> {
  try {
    const tree = await listReferrers(registry, platform, image)
    if (tree !== undefined) return tree
    return unreadable(`the platform's manifest ${platform.digest} is not in the repository: mirror it again with force`)
  } catch (error) {
    return unreadable(readFailure(error).reason)
  }
}

function unreadable(message: string): { problem: Problem } {
  return { problem: { code: "REFERRERS_UNREADABLE", message } }
}
