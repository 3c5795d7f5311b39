// Attest as the module's object needs it.
import { attest, type AttestationResult } from "../../core/promote/attest.js"
import { type GateState, pinnedAgain, restoreGate } from "./gate-state.js"
import { Session } from "./session.js"
import type { State } from "../state/state.js"

export async function runAttest(state: State, gated: GateState, image: string): Promise<AttestationResult> {
  const session = await Session.open(state)
  const gate = await restoreGate(gated, pinnedAgain(image))
  return attest(await session.operation(), gate)
}
