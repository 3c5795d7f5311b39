// Which of the attestations that a policy requires are really on a platform: read, about that platform, and signed by
// whom.
import { madeAt } from "../attestation/made-at.js"
import { matchesPredicateType } from "../attestation/predicate-types.js"
import type { AttestationFact } from "../findings/assessment.js"
import { sortCanonical } from "../findings/canonical-json.js"
import { createdOf } from "../oci/created.js"
import type { Manifest } from "../oci/manifest.js"
import type { PinnedReference } from "../oci/reference.js"
import {
  type AttachedDocument,
  attestationTag,
  listReferrers,
  type Place,
  placesOf,
  readPlace,
  type VerifyingReader,
} from "./attached-documents.js"
import { readStatementIn } from "./attached-statement.js"

/** The attestations found, sorted; what cannot be read does not count. */
export async function findAttestations(
  reader: VerifyingReader,
  platform: PinnedReference,
  image: Manifest,
  required: readonly string[],
): Promise<readonly AttestationFact[]> {
  const tree = await listReferrers(reader.registry, platform, image)
  const found = await Promise.all(
    required.map(async (type) => {
      const places = tree === undefined ? [] : placesOf(tree, image, type)
      const facts = await readFacts(reader, platform, places, type)
      return facts.length > 0
        ? facts
        : readFacts(reader, platform, await attestationTag(reader.registry, platform), type)
    }),
  )
  return sortCanonical(found.flat())
}

async function readFacts(
  reader: VerifyingReader,
  platform: PinnedReference,
  places: readonly Place[],
  type: string,
): Promise<AttestationFact[]> {
  const read = await Promise.all(places.map((place) => readPlace(reader, platform, place, type)))
  return read.flatMap(({ documents }) => documents.flatMap((document) => factOf(reader, document, platform, type)))
}

// Both the manifest and the statement must name the platform: anybody who may write could attach another image's.
function factOf(
  { trust }: VerifyingReader,
  document: AttachedDocument,
  platform: PinnedReference,
  type: string,
): AttestationFact[] {
  const { manifest, referrer, signature } = document
  const read = readStatementIn(document, platform.digest, trust)
  if ("problem" in read || !read.about || read.statement === undefined) return []
  const { predicateType } = read.statement
  if (!matchesPredicateType(type, predicateType)) return []
  const created = madeAt(createdOf(manifest.annotations), read)
  return [{ predicateType, referrer, signature, ...(created === undefined ? {} : { created }) }]
}
