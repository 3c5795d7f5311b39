// The verdict of a gate, stated where the image is.
import { renderAttachment } from "../../core/attach/render-attachment.js"
import { paragraph } from "../../core/page/page.js"
import { attest } from "../../core/promote/attest.js"
import { describePruned } from "../../core/promote/render-pruned.js"
import { deletionWay } from "../session/deletion-way.js"
import { type GateState, readGate } from "../session/gate-results.js"
import { type ResultFields, resultOf } from "../session/result-files.js"
import { begin } from "../session/session.js"

export async function runAttest(gate: GateState): Promise<ResultFields> {
  const { session, gated } = await begin(gate, { gated: () => readGate(gate) })
  const way = await deletionWay(session.settings, gated.image)
  const result = await attest(session.operation, gated, { deletionWay: way })
  const pruned = result.pruned === undefined ? [] : [paragraph(`Older evidence: ${describePruned(result.pruned)}`)]
  return resultOf(result, [...renderAttachment(result), ...pruned], session)
}
