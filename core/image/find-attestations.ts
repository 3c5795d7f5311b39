// Which of the attestations that a policy requires are really on a platform: read, about that platform, and signed by
// whom.
import { madeAt } from "../attestation/made-at.js"
import type { TrustStore } from "../attestation/trust-store.js"
import { matchesPredicateType } from "../attestation/predicate-types.js"
import { subjectMatches } from "../attestation/statement.js"
import { unwrap } from "../attestation/unwrap.js"
import { CsscError } from "../errors.js"
import type { AttestationFact } from "../findings/assessment.js"
import { sortCanonical } from "../findings/canonical-json.js"
import { createdOf } from "../oci/created.js"
import { matchesDigest } from "../oci/digest.js"
import type { Manifest } from "../oci/manifest.js"
import type { PinnedReference } from "../oci/reference.js"

import {
  attestationTag,
  type AttachedDocument,
  type DocumentReader,
  listReferrers,
  type Place,
  placesOf,
  readPlace,
} from "./attached-documents.js"

/** The attestations found, sorted; what cannot be read does not count. */
export async function findAttestations(
  registry: DocumentReader,
  trust: TrustStore,
  platform: PinnedReference,
  image: Manifest,
  required: readonly string[],
): Promise<readonly AttestationFact[]> {
  const tree = await listReferrers(registry, platform, image)
  const found = await Promise.all(
    required.map(async (type) => {
      const places = tree === undefined ? [] : placesOf(tree, image, type)
      const facts = await readFacts(registry, trust, platform, places, type)
      return facts.length > 0
        ? facts
        : readFacts(registry, trust, platform, await attestationTag(registry, platform), type)
    }),
  )
  return sortCanonical(found.flat())
}

async function readFacts(
  registry: DocumentReader,
  trust: TrustStore,
  platform: PinnedReference,
  places: readonly Place[],
  type: string,
): Promise<AttestationFact[]> {
  const read = await Promise.all(places.map((place) => readPlace(registry, trust, platform, place, type)))
  return read.flatMap(({ documents }) => documents.flatMap((document) => factOf(document, platform, type)))
}

// Both the manifest and the statement must name the platform: anybody who may write could attach another image's.
function factOf(document: AttachedDocument, platform: PinnedReference, type: string): AttestationFact[] {
  const { content, manifest, referrer, signature, blob } = document
  const subject = manifest.subject?.digest ?? document.attachedTo
  if (!(content instanceof Uint8Array) || subject !== platform.digest || !matchesDigest(content, blob)) return []
  try {
    const unwrapped = unwrap(content)
    const { statement } = unwrapped
    const about = statement !== undefined && subjectMatches(statement, platform.digest)
    if (!about || !matchesPredicateType(type, statement.predicateType)) return []
    const created = madeAt(createdOf(manifest.annotations), unwrapped)
    const dated = created === undefined ? {} : { created }
    return [{ predicateType: statement.predicateType, referrer, signature, ...dated }]
  } catch (error) {
    if (error instanceof CsscError) return []
    throw error
  }
}
