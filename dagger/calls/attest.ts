// The verdict of a gate, stated where the image is.
import { renderAttachment } from "../../core/attach/render-attachment.js"
import { attest } from "../../core/promote/attest.js"
import { type GateState, readGate } from "../session/gate-results.js"
import { type ResultFields, resultOf } from "../session/result-files.js"
import { begin } from "../session/session.js"

export async function runAttest(gate: GateState): Promise<ResultFields> {
  const { session, gated } = await begin(gate, { gated: () => readGate(gate) })
  const result = await attest(session.operation, gated)
  return resultOf(result, renderAttachment(result))
}
