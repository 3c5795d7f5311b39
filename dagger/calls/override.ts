// A blocked image that somebody answers for, after a gate. The decision is made again with the override in it, so that
// the verdict itself says who let what pass, and nothing but the named vulnerabilities changes.
import { overridden } from "../../core/gate/overridden.js"
import { checkOverride, type OverrideRequest } from "../../core/policy/exceptions/override.js"
import { gateFields } from "../session/gate-fields.js"
import { type GateState, readGate } from "../session/gate-results.js"
import { begin } from "../session/session.js"

export type OverrideArguments = Omit<OverrideRequest, "verdict">

export async function runOverride(gate: GateState, args: OverrideArguments) {
  const { session, gated } = await begin(gate, {
    gated: () => readGate(gate),
    override: () => checkOverride(args, new Date()),
  })
  return gateFields(gate, session.operation, overridden(session.operation, gated, args))
}
