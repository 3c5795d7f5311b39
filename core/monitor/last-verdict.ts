// The last verdict on an image that a key of ours signed, where the image is.
import { findSummaries } from "../attach/find-summaries.js"
import { ownTrust } from "../attestation/trust-store.js"
import { listReferrers, type VerifyingReader } from "../image/attached-documents.js"
import { readManifest } from "../image/read-manifest.js"
import type { Digest } from "../oci/digest.js"
import type { PinnedReference } from "../oci/reference.js"
import type { Verdict } from "../policy/verdict/verdict.js"
import { readVerdictOf } from "../verify/verified-verdict.js"

/** `none`: no summary of ours. `missing`: there is one, and what it rests on is not. */
export type LastVerdict =
  | { readonly kind: "found"; readonly verdict: Verdict; readonly referrer: Digest }
  | { readonly kind: "missing"; readonly reason: string }
  | { readonly kind: "none" }

export async function lastVerdict(reader: VerifyingReader, image: PinnedReference): Promise<LastVerdict> {
  const own = { registry: reader.registry, trust: ownTrust(reader.trust) }
  const manifest = await readManifest(own.registry, image)
  const tree = await listReferrers(own.registry, image, manifest)
  const [newest] = (await findSummaries(own, image, tree?.referrers ?? [])).found
  if (newest === undefined) return { kind: "none" }
  const read = await readVerdictOf(own, image, newest)
  return "problem" in read ? { kind: "missing", reason: read.problem } : { kind: "found", ...read }
}
