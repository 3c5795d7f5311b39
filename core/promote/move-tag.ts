// The last step of a promotion: the tag. Two promotions at once must not undo each other in silence.
import { CsscError } from "../errors.js"
import type { Digest } from "../oci/digest.js"
import { formatReference, type PinnedReference, type Reference } from "../oci/reference.js"
import type { Registry } from "../ports.js"

/** Moves the tag from `before` to the digest; tells whether it had to. Throws `TAG_MOVED` when a race was lost. */
export async function moveTag(
  registry: Registry,
  target: Reference,
  digest: Digest,
  before: Digest | undefined,
): Promise<boolean> {
  const name = formatReference(target)
  const now = await registry.resolve(target)
  // Another run that promotes the same may have been faster: then there is nothing to undo.
  if (now !== before && now !== digest)
    throw new CsscError(
      "TAG_MOVED",
      `${name} moved from ${before ?? "nothing"} to ${now ?? "nothing"} while ${digest} was being promoted: another promotion was faster; run it again`,
    )
  if (now === digest || target.tag === undefined) return false
  await registry.tag({ registry: target.registry, repository: target.repository, digest }, target.tag)
  const after = await registry.resolve(target)
  if (after === digest) return true
  throw new CsscError(
    "TAG_MOVED",
    `${name} is ${after ?? "not there"} right after it was set to ${digest}: another promotion was faster; run it again`,
  )
}

/** Where the source's tag points when that is no longer what was judged: told, not fatal. */
export async function movedTo(registry: Registry, source: PinnedReference): Promise<string | undefined> {
  if (source.tag === undefined) return undefined
  const now = await registry.resolve({ registry: source.registry, repository: source.repository, tag: source.tag })
  return now === source.digest ? undefined : (now ?? "nothing")
}
