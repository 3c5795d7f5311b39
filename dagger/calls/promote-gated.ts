// Promotes what a gate object judged; its state never left the engine.
import { carryOut, type PromotionFields } from "../session/carry-out.js"
import { type GateState, readGate } from "../session/gate-results.js"
import { promotionTarget, targetReference } from "../session/image-arguments.js"
import { begin } from "../session/session.js"

export type PromoteGatedArguments = {
  readonly target: string
  readonly deleteSource: boolean
  readonly dryRun: boolean
}

export async function runPromoteGated(gate: GateState, args: PromoteGatedArguments): Promise<PromotionFields> {
  const { session, gated, target } = await begin(gate, {
    gated: () => readGate(gate),
    target: () => targetReference(args.target),
  })
  return carryOut(session, gated, { ...args, target: promotionTarget(target, gated.image) })
}
