// Attest: a gate's verdict on an image, stated where the image is. It renews the proof of what was promoted, which gets
// old; and when the image does not pass any more, it takes the proof back, since the newest summary decides.
import { CsscError } from "../errors.js"
import type { Digest } from "../oci/digest.js"
import { bare, pinnedName } from "../oci/reference.js"
import { requireFreshVerdict } from "../policy/verdict/freshness.js"
import type { Outcome } from "../policy/verdict/verdict.js"
import type { AttachedEvidence } from "../attach/attach-evidence.js"
import { attachProof, type ProofOperation } from "./attach-proof.js"
import type { GateResult } from "../gate/gate-result.js"
import { readManifest } from "../image/read-manifest.js"
import { listAttached } from "../image/subjects.js"

export type AttestationResult = {
  readonly schema: "https://cssc.dev/attestation/v1"
  readonly image: string
  readonly digest: Digest
  readonly outcome: Outcome
  readonly attached: readonly AttachedEvidence[]
}

export async function attest(operation: ProofOperation, gated: GateResult): Promise<AttestationResult> {
  const { registry, policy, signer, now } = operation
  const { image, verdict } = gated
  if (signer === undefined)
    throw new CsscError("ARGUMENT_INVALID", "an attestation nobody signed proves nothing: pass withSigningKey")
  requireFreshVerdict(verdict, policy, now())
  const manifest = await readManifest(registry, image)
  const already = await listAttached(registry, image, manifest)
  return {
    schema: "https://cssc.dev/attestation/v1",
    image: pinnedName(image),
    digest: image.digest,
    outcome: verdict.outcome,
    attached: await attachProof(operation, gated, bare(image), already),
  }
}
