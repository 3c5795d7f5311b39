// An image scanned and judged in one go.
import type { ScanMethod } from "../../core/findings/assessment.js"
import { gate } from "../../core/gate/gate.js"
import { gateFields } from "../session/gate-fields.js"
import { namedReference, sbomType, targetOf, targetReference } from "../session/image-arguments.js"
import { begin } from "../session/session.js"
import type { State } from "../state/state.js"

export type GateArguments = {
  readonly image: string
  readonly method: ScanMethod
  readonly predicateType: string
  /** The image that it shall be no worse than; "" for none. */
  readonly baseline: string
}

export async function runGate(state: State, args: GateArguments) {
  const { session, reference, predicateType, baseline } = await begin(state, {
    reference: () => namedReference(args.image),
    predicateType: () => sbomType(args.predicateType),
    baseline: () => (args.baseline === "" ? undefined : targetReference(args.baseline)),
  })
  const vex = await session.vexFiles()
  const image = await session.pin(reference)
  const compared = baseline === undefined ? {} : { baseline: targetOf(baseline, image) }
  const gated = await gate(session.operation, { image, method: args.method, predicateType, vex, ...compared })
  return gateFields(state, session.operation, gated)
}
