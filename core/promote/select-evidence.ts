// Which of an image's attachments may come along into the trusted registry. Quarantine is a place where others write:
// what claims to be our own evidence stays behind, and so does what the policy does not name.
import { matchesPredicateType } from "../attestation/predicate-types.js"
import { ownTrust } from "../attestation/trust-store.js"
import type { Digest } from "../oci/digest.js"
import type { PinnedReference } from "../oci/reference.js"
import { flattenReferrers, type Referrer, type ReferrerTree } from "../oci/referrers.js"
import { type Claims, readClaims } from "../attach/attachment-claims.js"
import type { Operation } from "../operation.js"
import { ownPredicateTypes } from "../evidence/own-predicate-types.js"

export type LeftBehind = {
  readonly digest: Digest
  readonly subject: Digest
  readonly artifactType: string
  readonly why: string
  /** It claims to be ours: it must not be at the target either. */
  readonly planted: boolean
}
export type SelectedEvidence = { readonly carried: readonly Referrer[]; readonly leftBehind: readonly LeftBehind[] }

/**
 * The policy's `evidence.copy`: all, or only attachments of these predicate or artifact types. What our own keys signed
 * comes along although it is of a type of ours.
 */
export async function selectEvidence(
  { registry, policy, trust }: Pick<Operation, "registry" | "policy" | "trust">,
  image: PinnedReference,
  trees: readonly ReferrerTree[],
): Promise<SelectedEvidence> {
  const { copy } = policy.evidence
  const own = { registry, trust: ownTrust(trust) }
  const unique = [...new Map(trees.flatMap(flattenReferrers).map((one) => [one.digest, one])).values()]
  const read = unique.map(
    async ({ digest }) => [digest, await readClaims(own, { ...image, digest }, ownPredicateTypes)] as const,
  )
  const claims = new Map(await Promise.all(read))
  const carried: Referrer[] = []
  const leftBehind: LeftBehind[] = []
  const visit = (level: readonly Referrer[], above: string | undefined): void => {
    for (const referrer of level) {
      const { digest, subject, artifactType } = referrer
      const claimed = claims.get(digest) ?? { types: [] }
      const why = above ?? refusal(claimed, referrer, copy, trees)
      if (why === undefined) carried.push(referrer)
      else leftBehind.push({ digest, subject, artifactType, why, planted: unprovenType(claimed) !== undefined })
      visit(referrer.referrers, why === undefined ? undefined : `it is attached to ${digest}, which stays behind`)
    }
  }
  for (const tree of trees) visit(tree.referrers, undefined)
  return { carried, leftBehind }
}

function refusal(
  claims: Claims,
  { subject, artifactType }: Referrer,
  copy: "all" | readonly string[],
  trees: readonly ReferrerTree[],
): string | undefined {
  const own = unprovenType(claims)
  if (own !== undefined) return `it claims to be our own evidence (${own}) and no trusted key signed it`
  if (claims.unread !== undefined) return `a layer of ${claims.unread} bytes is too large to be looked into`
  // What is attached to an attachment (a signature) goes where that goes.
  if (copy === "all" || !trees.some((tree) => tree.subject === subject)) return undefined
  const wanted = [...claims.types, artifactType].some((type) => copy.some((one) => matchesPredicateType(one, type)))
  return wanted ? undefined : "the policy's evidence.copy does not name its type"
}

// A signature proves the statement's own type and nothing that an annotation adds to it.
function unprovenType({ types, proven }: Claims): string | undefined {
  return types.find((type) => ownPredicateTypes.has(type) && type !== proven)
}
