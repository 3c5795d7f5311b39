// What a promotion relies on without asking a registry.
import { CsscError } from "../errors.js"
import type { GateResult } from "../gate/gate-result.js"
import { pinnedName, repositoryName } from "../oci/reference.js"
import type { Operation } from "../operation.js"
import { requireFreshVerdict } from "../policy/verdict/freshness.js"
import type { PromotionRequest } from "./promotion-result.js"

/** The verdict is fresh and about the source, and the target is a repository of its own. */
export function requireSound(
  { policy, now }: Pick<Operation, "policy" | "now">,
  { verdict }: GateResult,
  { source, target }: PromotionRequest,
): void {
  requireFreshVerdict(verdict, policy, now())
  if (verdict.image.digest !== source.digest)
    throw new CsscError(
      "VERDICT_UNTRUSTED",
      `the verdict is about ${verdict.image.digest}, not about ${pinnedName(source)}: gate what is to be promoted`,
    )
  // Attachments belong to a repository: whatever was planted in it would be trusted at once.
  if (repositoryName(source) === repositoryName(target))
    throw new CsscError(
      "ARGUMENT_INVALID",
      `${repositoryName(source)} is both source and target: promote into a repository where only promotions write`,
    )
}
