// cosign's older attachments at promotion: carried along by the same rules as referrers. A tag can be overwritten, so
// what the trusted repository has under such a tag is never replaced by what quarantine has.
import { listDigestTags } from "../acquire/digest-tags.js"
import { allEnded } from "../all-ended.js"
import { readClaims } from "../attach/attachment-claims.js"
import { emptyTrust } from "../attestation/trust-store.js"
import { ownPredicateTypes } from "../evidence/own-predicate-types.js"
import { subjectsOf } from "../image/subjects.js"
import type { Digest } from "../oci/digest.js"
import type { PinnedReference } from "../oci/reference.js"
import { digestTags } from "../oci/reserved-tags.js"
import type { Operation } from "../operation.js"
import type { ImageTransfer } from "./bring-over.js"
import { isPlanted, refusalOf } from "./refuse-attachment.js"
import type { LeftBehind } from "./select-evidence.js"

export type CarriedTags = { readonly carried: readonly string[]; readonly leftBehind: readonly LeftBehind[] }

/** Copies the digest tags of an image by their digests, before the image's own tag moves. */
export async function carryDigestTags(
  operation: Pick<Operation, "registry" | "policy">,
  { source, target, manifest }: Pick<ImageTransfer, "source" | "target" | "manifest">,
): Promise<CarriedTags> {
  const { registry } = operation
  const tags = await listDigestTags(() => registry.tags(source), manifest)
  const subjects = new Map(subjectsOf(manifest).flatMap((digest) => digestTags(digest).map((tag) => [tag, digest])))
  const results = await allEnded(
    tags.map((tag) => carryOne(operation, { source, target, tag, subject: subjects.get(tag) ?? source.digest })),
  )
  return {
    carried: tags.filter((_, index) => results[index] === "carried"),
    leftBehind: results.filter((result): result is LeftBehind => typeof result === "object"),
  }
}

type Carried = "carried" | "there" | LeftBehind

type DigestTag = Pick<ImageTransfer, "source" | "target"> & { readonly tag: string; readonly subject: Digest }

async function carryOne(
  { registry, policy }: Pick<Operation, "registry" | "policy">,
  { source, target, tag, subject }: DigestTag,
): Promise<Carried> {
  const [from, there] = await Promise.all([
    registry.resolve({ registry: source.registry, repository: source.repository, tag }),
    registry.resolve({ registry: target.registry, repository: target.repository, tag }),
  ])
  if (from === undefined || from === there) return "there"
  const attached: PinnedReference = { registry: source.registry, repository: source.repository, digest: from }
  const claims = await readClaims({ registry, trust: emptyTrust }, attached, ownPredicateTypes)
  const listed = { subject, artifactType: `tag ${tag}` }
  const why =
    claims.subject === undefined
      ? refusalOf(claims, listed, true, policy.evidence.copy)
      : `it is attached to ${claims.subject} as well: what is attached is judged there`
  const left = (reason: string): LeftBehind => ({
    digest: from,
    ...listed,
    why: reason,
    planted: isPlanted(claims),
  })
  if (why !== undefined) return left(why)
  if (there !== undefined) return left(`the target has ${there} under this tag, which is not replaced`)
  await registry.copy({ source: attached, target, tag, referrers: false })
  return "carried"
}
