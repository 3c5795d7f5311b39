// Everything that may be a platform's SBOM, fetched. The choice, and the check of the subject, is made in src/sbom.
import type { TrustStore } from "../attestation/trust-store.js"
import { CsscError } from "../errors.js"
import type { Problem } from "../findings/assessment.js"
import type { Manifest } from "../oci/manifest.js"
import type { ReferrerTree } from "../oci/referrers.js"
import type { PinnedReference } from "../oci/reference.js"
import { type SelectedSbom, selectSbom } from "../sbom/select-sbom.js"
import {
  attestationTag,
  type AttachedDocument,
  type DocumentReader,
  listReferrers,
  type Place,
  placesOf,
  readPlace,
} from "./attached-documents.js"

export type FoundSbom = { readonly selected?: SelectedSbom; readonly problems: readonly Problem[] }

/** Finds the SBOM of a platform; `image` is the manifest that the platform was listed in. */
export async function findSbom(
  registry: DocumentReader,
  trust: TrustStore,
  platform: PinnedReference,
  image: Manifest,
  predicateType: string,
): Promise<FoundSbom> {
  const tree = await listOrExplain(registry, platform, image)
  if ("problem" in tree) return { problems: [tree.problem] }
  const read = async (places: readonly Place[]): Promise<Read[]> =>
    Promise.all(places.map((place) => readSboms(registry, trust, platform, place, predicateType)))
  const attached = await read(placesOf(tree, image, predicateType))
  const found = select(attached, platform, predicateType)
  if (found.selected !== undefined) return found
  // Looked at only when the others have nothing.
  return select([...attached, ...(await read(await attestationTag(registry, platform)))], platform, predicateType)
}

type Read = { readonly documents: readonly AttachedDocument[]; readonly problems: readonly Problem[] }

async function readSboms(
  registry: DocumentReader,
  trust: TrustStore,
  platform: PinnedReference,
  place: Place,
  predicateType: string,
): Promise<Read> {
  const { documents, problem } = await readPlace(registry, trust, platform, place, predicateType)
  return { documents, problems: problem === undefined ? [] : [{ code: "SBOM_UNREADABLE", message: problem }] }
}

function select(read: readonly Read[], platform: PinnedReference, predicateType: string): FoundSbom {
  const candidates = read.flatMap(({ documents }) => documents)
  const found = selectSbom(candidates, { predicateType, platformDigest: platform.digest })
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
    const told = error instanceof CsscError && (error.code === "REFERRERS_UNTRUSTED" || error.code === "LIMIT_EXCEEDED")
    if (told) return unreadable(error.reason)
    throw error
  }
}

function unreadable(message: string): { problem: Problem } {
  return { problem: { code: "REFERRERS_UNREADABLE", message } }
}
