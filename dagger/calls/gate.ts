// Scan and gate, as the module's objects need them.
import { predicateTypes, resolvePredicateType } from "../../core/attestation/predicate-types.js"
import type { ScanMethod } from "../../core/findings/assessment.js"
import { parsePlatform } from "../../core/oci/platform.js"
import { assess } from "../../core/assess/assess.js"
import { gate } from "../../core/gate/gate.js"
import { renderAssessment } from "../../core/assess/render-assessment.js"
import { gateResultState, type GateState, scanFiles, type ScanState } from "./gate-state.js"
import { targetOf } from "./mirror.js"
import { toDirectory, toJson } from "./report-files.js"
import { Session } from "./session.js"
import type { State } from "../state/state.js"

export async function runScan(
  state: State,
  image: string,
  method: ScanMethod,
  predicateType: string,
): Promise<ScanState> {
  const session = await Session.open(state)
  const request = {
    image: await session.pin(image),
    method,
    predicateType: sbomType(predicateType),
    vex: await session.vexFiles(),
  }
  const scanned = await assess(await session.operation(), request)
  const markdown = renderAssessment(scanned.assessment)
  return {
    assessment: toJson(scanned.assessment),
    markdown,
    files: toDirectory({ ...scanFiles(scanned), "summary.md": markdown }),
  }
}

export type GateArguments = {
  readonly image: string
  readonly method: ScanMethod
  readonly predicateType: string
  /** The image that it shall be no worse than; "" for none. */
  readonly baseline: string
}

export async function runGate(state: State, args: GateArguments): Promise<GateState & { image: string }> {
  const session = await Session.open(state)
  const image = await session.pin(args.image)
  const request = {
    image,
    method: args.method,
    predicateType: sbomType(args.predicateType),
    vex: await session.vexFiles(),
    ...(args.baseline === "" ? {} : { baseline: targetOf(args.baseline, image) }),
  }
  return gateResultState(session, await gate(await session.operation(), request))
}

export function sbomType(text: string): string {
  return resolvePredicateType(text === "" ? predicateTypes.cyclonedx : text)
}

/** Checks platform names before anything is read. */
export function parsePlatforms(platforms: readonly string[]): readonly string[] {
  for (const platform of platforms) parsePlatform(platform)
  return platforms
}
