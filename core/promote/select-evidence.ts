// Which of an image's attachments may come along into the trusted registry. Quarantine is a place where others write: our
// own evidence is never taken from there, nor what can be taken for two things, nor what the policy does not name.
import { readClaims } from "../attach/attachment-claims.js"
import type { Claims } from "../attach/claims.js"
import { ownTrust } from "../attestation/trust-store.js"
import { ownPredicateTypes } from "../evidence/own-predicate-types.js"
import { manifestSignature } from "../image/signatures.js"
import type { Attached } from "../image/subjects.js"
import type { Digest } from "../oci/digest.js"
import { mediaTypes } from "../oci/media-types.js"
import { bare, pinnedName, type PinnedReference } from "../oci/reference.js"
import { flattenReferrers, type Referrer } from "../oci/referrers.js"
import type { Operation } from "../operation.js"
import { isTrustedSignature } from "../policy/judge/trusted-signature.js"
import { isPlanted, refusalOf } from "./refuse-attachment.js"

export type LeftBehind = {
  readonly digest: Digest
  readonly subject: Digest
  readonly artifactType: string
  readonly why: string
  /** It claims to be ours, or could be run: it must not be at the target either. */
  readonly planted: boolean
}
export type SelectedEvidence = { readonly carried: readonly Referrer[]; readonly leftBehind: readonly LeftBehind[] }

/** The policy's `evidence.copy`: all, or only attachments of these predicate or artifact types. */
export async function selectEvidence(
  operation: Pick<Operation, "registry" | "policy" | "trust">,
  image: PinnedReference,
  { trees, partOf = new Map() }: Pick<Attached, "trees" | "partOf">,
): Promise<SelectedEvidence> {
  const { registry, policy, trust } = operation
  const own = { registry, trust: ownTrust(trust) }
  const unique = [...new Map(trees.flatMap(flattenReferrers).map((one) => [one.digest, one])).values()]
  const read = unique.map(async (one): Promise<[Digest, Judged]> => {
    const claims = await readClaims(own, { ...image, digest: one.digest }, ownPredicateTypes)
    const endsLife = claims.endsLife || one.artifactType === mediaTypes.lifecycle
    return [one.digest, { claims, endsLife: endsLife && !(await isTrusted(operation, image, one)) }]
  })
  const judged = new Map(await Promise.all(read))
  const carried: Referrer[] = []
  const leftBehind: LeftBehind[] = []
  const visit = (level: readonly Referrer[], above: string | undefined): void => {
    for (const referrer of level) {
      const { digest, subject, artifactType } = referrer
      const { claims = nothing, endsLife = false } = judged.get(digest) ?? {}
      const onImage = trees.some((tree) => tree.subject === subject)
      const why = above ?? refusalOf({ ...claims, endsLife }, referrer, onImage, policy.evidence.copy)
      if (why === undefined) carried.push(referrer)
      else leftBehind.push({ digest, subject, artifactType, why, planted: isPlanted(claims) })
      visit(referrer.referrers, why === undefined ? undefined : `it is attached to ${digest}, which stays behind`)
    }
  }
  // What is attached to a part of an index goes where the index goes; that is decided before.
  const [whole, parts] = [
    trees.filter(({ subject }) => !partOf.has(subject)),
    trees.filter(({ subject }) => partOf.has(subject)),
  ]
  for (const { subject, referrers } of [...whole, ...parts]) {
    const index = partOf.get(subject)
    const stays = leftBehind.some(({ digest }) => digest === index)
    visit(referrers, stays ? `it is attached to a part of ${index}, which stays behind` : undefined)
  }
  return { carried, leftBehind }
}

/** `endsLife`: it tells the end of the image's life, and nobody trusted signed it. */
type Judged = { readonly claims: Claims; readonly endsLife: boolean }

const nothing: Claims = { types: [], endsLife: false, runs: false }

async function isTrusted(
  { registry, policy, trust }: Pick<Operation, "registry" | "policy" | "trust">,
  image: PinnedReference,
  { digest, referrers }: Referrer,
): Promise<boolean> {
  const signature = await manifestSignature({ registry, trust }, { ...bare(image), digest, referrers })
  return isTrustedSignature(signature, policy, pinnedName(image))
}
