// Attest: a gate's verdict on an image, stated where the image is. It renews the proof of what was promoted, which gets
// old; and when the image does not pass any more, it takes the proof back, since the newest summary decides.
import { CsscError } from "../errors.js"
import type { Digest } from "../oci/digest.js"
import { bare, pinnedName } from "../oci/reference.js"
import { requireFreshVerdict } from "../policy/verdict/freshness.js"
import type { Policy } from "../policy/document/policy.js"
import type { Outcome } from "../policy/verdict/verdict.js"
import type { AttachedEvidence } from "../attach/attach-evidence.js"
import { attachProof } from "./attach-proof.js"
import type { Context, Registry } from "../ports.js"
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

export async function attest(
  registry: Registry,
  gate: GateResult,
  policy: Policy,
  context: Context,
): Promise<AttestationResult> {
  const { image, verdict } = gate
  if (context.signer === undefined)
    throw new CsscError("ARGUMENT_INVALID", "an attestation nobody signed proves nothing: pass withSigningKey")
  requireFreshVerdict(verdict, policy, context.now())
  const manifest = await readManifest(registry, image)
  const already = await listAttached(registry, image, manifest)
  return {
    schema: "https://cssc.dev/attestation/v1",
    image: pinnedName(image),
    digest: image.digest,
    outcome: verdict.outcome,
    attached: await attachProof(registry, gate, bare(image), already, policy, context),
  }
}
