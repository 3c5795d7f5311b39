// Override: a blocked image that somebody answers for. The decision is made again with the override in it, so that the
// verdict itself says who let what pass, and nothing but the named vulnerabilities changes.
import type { File } from "@dagger.io/dagger"
import { parseReference, parseRepository } from "../../core/oci/reference.js"
import { gate } from "../../core/gate/gate.js"
import { pin } from "../../core/image/image-graph.js"
import type { GateResult } from "../../core/gate/gate-result.js"
import { baselineIn } from "../../core/gate/signed-verdict.js"
import { blockedClaim } from "../../core/gate/verdict-claim.js"
import { openVerdictFile } from "../../core/gate/verdict-file.js"
import { evaluate } from "../../core/policy/evaluate.js"
import { grantOverride } from "../../core/policy/exceptions/override.js"
import { sbomType } from "./gate.js"
import { gateResultState, type GateState, restoreGate } from "./gate-state.js"
import { Session } from "./session.js"
import type { State } from "../state/state.js"

export type OverrideArguments = {
  readonly approver: string
  readonly reason: string
  readonly reference: string
  readonly cves: readonly string[]
  readonly expires: string
}

/** Overrides what a gate object judged. */
export async function runOverride(
  state: State,
  gated: GateState,
  image: string,
  args: OverrideArguments,
): Promise<GateState & { image: string }> {
  const session = await Session.open(state)
  const { digest, ...reference } = parseReference(image)
  const pinned = digest === undefined ? await pin(session.registry, reference) : { ...reference, digest }
  return overridden(session, await restoreGate(gated, pinned), args)
}

/** A verdict file only says what to judge again: the override is about what is found now. */
export async function runOverrideVerdict(
  state: State,
  file: File,
  source: string,
  args: OverrideArguments,
): Promise<GateState & { image: string }> {
  const session = await Session.open(state)
  const operation = await session.operation()
  const { text, signed } = openVerdictFile(await file.contents(), operation.trust)
  const claim = blockedClaim(text, parseRepository(source))
  const baseline = signed === undefined ? undefined : baselineIn(signed.verdict)
  const request = {
    image: claim.image,
    method: claim.method,
    predicateType: sbomType(claim.predicateType),
    vex: await session.vexFiles(),
    ...(baseline === undefined ? {} : { baseline }),
  }
  return overridden(session, await gate(operation, request), args)
}

async function overridden(
  session: Session,
  gated: GateResult,
  args: OverrideArguments,
): Promise<GateState & { image: string }> {
  const now = session.caller.now()
  const override = grantOverride({ verdict: gated.verdict, ...args }, now)
  const verdict = evaluate(gated.assessment, await session.policy(), { now, override })
  return gateResultState(session, { ...gated, verdict })
}
