// Attestations that the policy requires on every platform. Where nobody looked for them, they are missing.
import { matchesPredicateType } from "../../attestation/predicate-types.js"
import { listSome } from "../../list-some.js"
import type { JudgedPlatform } from "../judge/judged-platform.js"
import type { Reason } from "../verdict/verdict.js"
import { type Case, platformReason } from "./rule.js"

export function evidenceRule({ platforms, policy }: Case): Reason[] {
  return platforms.flatMap((judged) => missingOn(judged, policy.evidence.required))
}

function missingOn(judged: JudgedPlatform, required: readonly string[]): Reason[] {
  const found = judged.assessment.attestations ?? []
  const missing = [...new Set(required)]
    .sort()
    .filter((type) => !found.some((other) => matchesPredicateType(type, other.predicateType)))
  if (missing.length === 0) return []
  return [
    platformReason(judged, "EVIDENCE_MISSING", "block", `required attestations are missing: ${listSome(missing)}`),
  ]
}
