// What a gate found out about an image, attached to it: the scans, the verdict, and the summaries that point to both.
import type { Reference } from "../oci/reference.js"
import type { Policy } from "../policy/document/policy.js"
import { type AttachedEvidence, attachEvidence, type Sealing } from "../attach/attach-evidence.js"
import type { Context, Registry } from "../ports.js"
import { buildEvidence, verdictEvidence } from "./promotion-evidence.js"
import { type GateResult } from "../gate/gate-result.js"
import type { Attached } from "../image/subjects.js"
import { buildSummaries } from "./summary-evidence.js"

/** `already` is what is attached at the target. A verdict that blocks brings no scans: there may be none. */
export async function attachProof(
  registry: Registry,
  gate: GateResult,
  target: Reference,
  already: Attached,
  policy: Policy,
  context: Context,
): Promise<readonly AttachedEvidence[]> {
  const sealing = sealingOf(policy, context)
  const { verdict } = gate
  const documents = verdict.passed ? buildEvidence(gate, target, context) : [verdictEvidence(verdict, target)]
  const evidence = await attachEvidence(registry, target, documents, already, sealing)
  const summaries = buildSummaries(gate, target, evidence)
  return [...evidence, ...(await attachEvidence(registry, target, summaries, already, sealing))]
}

// Renewed at half of their life: who promotes or attests daily keeps them fresh, and who repeats a call writes nothing.
function sealingOf({ verdict }: Policy, { signer, now }: Context): Sealing | undefined {
  return signer && { signer, renewBefore: new Date(now().getTime() - verdict.maxAge / 2) }
}
