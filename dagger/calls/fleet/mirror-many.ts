// Many tags of one repository mirrored in one call: a fleet of one entry.
import { CsscError } from "../../../core/errors.js"
import { canonicalJson } from "../../../core/findings/canonical-json.js"
import { applyFleet } from "../../../core/fleet/apply/apply-fleet.js"
import { type Fleet, type MirrorEntry } from "../../../core/fleet/config/fleet.js"
import { appliedDocument, planDocument } from "../../../core/fleet/document/build-documents.js"
import { hostRequests } from "../../../core/fleet/document/host-requests.js"
import { planFleet } from "../../../core/fleet/plan/plan-fleet.js"
import { wholeFleet } from "../../../core/fleet/shard/shard.js"
import { digestOf } from "../../../core/oci/digest.js"
import { parseRepository } from "../../../core/oci/reference.js"
import { policyDigest } from "../../../core/policy/document/policy.js"
import { fleetFields } from "../../session/fleet-results.js"
import { type MirrorArguments, platformNames } from "../../session/image-arguments.js"
import { begin } from "../../session/session.js"
import { type TagArguments, tagSelection } from "../../session/tag-selection.js"
import type { State } from "../../state/state.js"

export type MirrorManyArguments = MirrorArguments & TagArguments & { readonly allowMissing: boolean }

/** Whether a choice of tags was made, and so many are meant. */
export function isMany({ glob, exclude, regex, semver, newest }: TagArguments): boolean {
  return glob.length > 0 || exclude.length > 0 || regex !== "" || semver !== "" || newest !== 0
}

export async function runMirrorMany(state: State, args: MirrorManyArguments) {
  const { session, ...ends } = await begin(state, {
    source: () => parseRepository(args.source.trim()),
    target: () => parseRepository(args.target.trim()),
    tags: () => tagSelection(args),
    platforms: () => choiceOf(args),
  })
  const { referrers, history, provenance, force, allowMissing } = args
  const mode = referrers ? ("always" as const) : ("never" as const)
  const entry: MirrorEntry = { kind: "mirror", ...ends, referrers: mode, history, provenance, force, allowMissing }
  const fleet: Pick<Fleet, "entries"> = { entries: [entry] }
  const planned = await planFleet(session.operation, fleet, wholeFleet)
  const sourceAuthenticated = await session.authenticated(entry.source)
  const world = {
    operationOf: () => session.operation,
    mirrorSettings: () => ({ sourceAuthenticated }),
    promotionSettings: () => ({ deletionWay: { kind: "oci" as const } }),
    progress: session.operation.progress,
  }
  const applied = args.dryRun ? [] : await applyFleet(world, planned)
  const digest = digestOf(canonicalJson(entry))
  const config = { source: args.source.trim(), digest, entries: 1, policy: policyDigest(session.operation.policy) }
  const head = { config, requests: hostRequests(session.registry.exchanges) }
  const document = args.dryRun ? planDocument(head, planned) : appliedDocument(head, applied)
  const copied = ["copied", "completed"].some((outcome) => document.totals[outcome] !== undefined)
  return { ...fleetFields(document, session), copied, digest: "", previousDigest: "", referrersNote: "" }
}

function choiceOf({ platforms, newDigest }: MirrorArguments): readonly string[] {
  const names = platformNames(platforms)
  if (names.length === 0 || newDigest) return names
  throw new CsscError(
    "ARGUMENT_INVALID",
    "a subset of platforms is another image with another digest, which no signature of the publisher covers: say newDigest if that is meant",
  )
}
