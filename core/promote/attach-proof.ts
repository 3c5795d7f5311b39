// What a gate found out about an image, attached to it: the scans, the verdict, and the summaries that point to both.
import { type AttachedEvidence, attachEvidence, type Signing } from "../attach/attach-evidence.js"
import { ownTrust } from "../attestation/trust-store.js"
import { type GateResult } from "../gate/gate-result.js"
import type { Attached } from "../image/subjects.js"
import type { Repository } from "../oci/reference.js"
import type { Operation } from "../operation.js"
import { buildEvidence, verdictEvidence } from "./promotion-evidence.js"
import { buildSummaries } from "./summary-evidence.js"

export type ProofOperation = Pick<Operation, "registry" | "policy" | "trust" | "signer" | "run" | "now">

/** `already` is what is attached at the target. A verdict that blocks brings no scans: there may be none. */
export async function attachProof(
  operation: ProofOperation,
  gated: GateResult,
  target: Repository,
  already: Attached,
): Promise<readonly AttachedEvidence[]> {
  const { verdict } = gated
  const at = { registry: operation.registry, repository: target, already, ...signingOf(operation) }
  const documents = verdict.passed ? buildEvidence(operation, gated, target) : [verdictEvidence(verdict, target)]
  const evidence = await attachEvidence(at, documents)
  return [...evidence, ...(await attachEvidence(at, buildSummaries(operation.policy, gated, target, evidence)))]
}

// Renewed at half of their life: who promotes or attests daily keeps them fresh, and who repeats a call writes nothing.
function signingOf({ policy, signer, trust, now }: ProofOperation): { readonly signing?: Signing } {
  if (signer === undefined) return {}
  return {
    signing: { signer, trust: ownTrust(trust), renewBefore: new Date(now().getTime() - policy.verdict.maxAge / 2) },
  }
}
