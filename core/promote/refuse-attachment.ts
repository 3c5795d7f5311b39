// Why an attachment does not come along into the trusted registry.
import type { Claims } from "../attach/claims.js"
import { matchesPredicateType, predicateTypes } from "../attestation/predicate-types.js"
import { ownPredicateTypes, writtenAtPromotion } from "../evidence/own-predicate-types.js"
import type { Referrer } from "../oci/referrers.js"

/** `endsLife` of the claims: nobody trusted signed it. `onImage`: attached to the image itself, not to an attachment. */
export function refusalOf(
  claims: Claims,
  { subject, artifactType }: Pick<Referrer, "subject" | "artifactType">,
  onImage: boolean,
  copy: "all" | readonly string[],
): string | undefined {
  const own = unprovenType(claims)
  if (own === predicateTypes.acquisitionProvenance)
    return "our provenance, unsigned: nothing proves that we wrote it; mirror with a signing key to carry it along"
  if (own !== undefined) return `it claims to be our own evidence (${own}) and no trusted key signed it`
  const written = claims.types.find((type) => writtenAtPromotion.has(type))
  if (written !== undefined) return `it is our own evidence (${written}), which is written anew and never carried`
  if (claims.unclear !== undefined) return `it can be taken for more than one thing: ${claims.unclear}`
  if (claims.unread !== undefined) return `a layer of ${claims.unread} bytes is too large to be looked into`
  if (claims.runs) return "it can be run, and nobody judged it: an image does not come along as an attachment"
  if (claims.endsLife) return "it tells the end of the image's life and no trusted key signed it"
  if (claims.subject !== undefined && claims.subject !== subject)
    return `it is listed for ${subject} and is attached to ${claims.subject}`
  // What is attached to an attachment (a signature) goes where that goes.
  if (copy === "all" || !onImage) return undefined
  const wanted = [...claims.types, artifactType].some((type) => copy.some((one) => matchesPredicateType(one, type)))
  return wanted ? undefined : "the policy's evidence.copy does not name its type"
}

/** What must not be at the target either: it claims to be ours, or it is an image that nobody judged, or may be one. */
export function isPlanted(claims: Claims): boolean {
  return claims.runs || unprovenType(claims) !== undefined
}

/** A type of ours that a signature of ours does not prove: it proves the statement's own, and nothing an annotation adds. */
function unprovenType({ types, proven }: Claims): string | undefined {
  return types.find((type) => ownPredicateTypes.has(type) && type !== proven)
}
