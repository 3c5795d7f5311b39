// Everything that may be a platform's SBOM of one type, fetched, and what is chosen of it.
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
import { type SbomChoice, selectSbom } from "../sbom/select-sbom.js"
import type { AssessmentScope } from "./scan-request.js"

/** One platform, in which SBOMs of one or several types are looked for. */
export type SbomSearch = {
  readonly scope: Pick<AssessmentScope, "registry" | "trust">
  readonly platform: PinnedReference
  /** The image that the platform was listed in. */
  readonly image: ImageGraph
  /** Whether a signature counts for that image. */
  readonly isTrusted: (signature: SignatureFact) => boolean
  /** What is under cosign's tag: asked for at most once, whatever the number of types. */
  readonly tagged: () => Promise<readonly Place[]>
}

export function searchSboms(
  scope: Pick<AssessmentScope, "registry" | "trust" | "policy">,
  platform: PinnedReference,
  image: ImageGraph,
): SbomSearch {
  const name = pinnedName(image.reference)
  let tag: Promise<readonly Place[]> | undefined
  return {
    ...{ scope, platform, image },
    isTrusted: (signature) => isTrustedSignature(signature, scope.policy, name),
    tagged: () => (tag ??= attestationTag(scope.registry, platform)),
  }
}

/** Whether somebody trusted signed what was chosen. */
export function isTrustedChoice({ isTrusted }: SbomSearch, { selected }: SbomChoice): boolean {
  return isTrusted(selected?.source.signature ?? unsigned)
}

/** What is chosen of one type; `second` when something of another type was found before. */
export async function findSbomOfType(
  search: SbomSearch,
  predicateType: string,
  { second = false }: { readonly second?: boolean } = {},
): Promise<SbomChoice> {
  const { scope, platform, image } = search
  const tree = await listOrExplain(scope.registry, platform, image.manifest)
  if ("problem" in tree) return { others: [], problems: [tree.problem] }
  const places = placesOf(tree, image.manifest, predicateType)
  const attached = await readPlaces(search, places, predicateType)
  const found = select(search, attached, predicateType)
  // Read only when it can change the choice: where nothing is found, or where a signed one could hide behind an unsigned.
  const isFound = second || found.selected !== undefined
  if (isTrustedChoice(search, found) || (isFound && trustsNobody(scope.trust))) return found
  const tagged = (await search.tagged()).filter(({ digest }) => !places.some((place) => place.digest === digest))
  if (tagged.length === 0) return found
  return select(search, [...attached, ...(await readPlaces(search, tagged, predicateType))], predicateType)
}

type Read = { readonly documents: readonly AttachedDocument[]; readonly problems: readonly Problem[] }

function readPlaces(search: SbomSearch, places: readonly Place[], predicateType: string): Promise<readonly Read[]> {
  return Promise.all(places.map((place) => readSboms(search, place, predicateType)))
}

// What an attachment says of itself is nobody's word; that a registry does not answer can hide anybody's.
async function readSboms({ scope, platform }: SbomSearch, place: Place, predicateType: string): Promise<Read> {
  try {
    const { documents, problem } = await readPlace(scope, platform, place, predicateType)
    if (problem === undefined) return { documents, problems: [] }
    return { documents, problems: [{ code: "SBOM_UNREADABLE", message: problem, signature: unsigned }] }
  } catch (error) {
    const message = `attachment ${place.digest} could not be read: ${readFailure(error).reason}`
    return { documents: [], problems: [{ code: "SBOM_UNREADABLE", message }] }
  }
}

function select({ platform, isTrusted }: SbomSearch, read: readonly Read[], predicateType: string): SbomChoice {
  const documents = read.flatMap((one) => one.documents)
  const found = selectSbom(documents, { predicateType, platformDigest: platform.digest, isTrusted })
  return { ...found, problems: [...read.flatMap(({ problems }) => problems), ...found.problems] }
}

/** What is attached to the platform; or why nobody can tell. */
export async function listOrExplain(
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
