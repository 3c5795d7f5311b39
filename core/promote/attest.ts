// Attest: a gate's verdict on an image, stated where the image is. It renews the proof of what was promoted, which gets
// old; and when the image does not pass any more, it takes the proof back, since the newest summary decides.
import type { AttachedEvidence } from "../attach/attach-evidence.js"
import { CsscError } from "../errors.js"
import { unreadIn } from "../findings/unread-evidence.js"
import type { GateResult } from "../gate/gate-result.js"
import { readManifest } from "../image/read-manifest.js"
import { listAttached } from "../image/subjects.js"
import type { Digest } from "../oci/digest.js"
import { bare, pinnedName } from "../oci/reference.js"
import { requireFreshVerdict } from "../policy/verdict/freshness.js"
import type { Outcome } from "../policy/verdict/verdict.js"
import { attachProof, type ProofOperation } from "./attach-proof.js"
import { pruneEvidence } from "./prune-evidence.js"
import type { Pruned, PruneRequest } from "./pruned.js"

export type AttestationResult = {
  readonly schema: "https://cssc.dev/attestation/v1"
  readonly image: string
  readonly digest: Digest
  readonly outcome: Outcome
  readonly attached: readonly AttachedEvidence[]
  /** Evidence of ours that newer evidence of ours replaced; left out when there was none. */
  readonly pruned?: Pruned
}

export async function attest(
  operation: ProofOperation,
  gated: GateResult,
  { deletionWay }: Pick<PruneRequest, "deletionWay"> = {},
): Promise<AttestationResult> {
  const { registry, policy, signer, now } = operation
  const { image, verdict } = gated
  if (signer === undefined)
    throw new CsscError(
      "ARGUMENT_INVALID",
      "an attestation nobody signed proves nothing: pass with-signing-key, or with-keyless-signing",
    )
  requireFreshVerdict(verdict, policy, now())
  const [unread] = unreadIn(gated.assessment)
  if (unread !== undefined && !verdict.passed)
    throw new CsscError(
      "EVIDENCE_FAILED",
      `${pinnedName(image)} was not judged by all that is known of it (${unread.message}): nothing was stated, gate it again`,
    )
  const manifest = await readManifest(registry, image)
  const already = await listAttached(registry, image, manifest)
  const target = bare(image)
  const evidence = await attachProof(operation, gated, target, already)
  const pruned = await pruneEvidence(operation, { target, already, evidence, deletionWay })
  return {
    schema: "https://cssc.dev/attestation/v1",
    image: pinnedName(image),
    digest: image.digest,
    outcome: verdict.outcome,
    attached: evidence,
    ...(pruned === undefined ? {} : { pruned }),
  }
}
