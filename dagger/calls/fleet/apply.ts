// A fleet file carried out.
import type { DeletionWay } from "../../../core/delete/delete-image.js"
import { applyFleet, type ApplyWorld } from "../../../core/fleet/apply/apply-fleet.js"
import type { PromotionSettings } from "../../../core/fleet/apply/apply-promotion.js"
import type { AppliedEntry } from "../../../core/fleet/apply/fleet-result.js"
import type { FleetEntry } from "../../../core/fleet/config/fleet.js"
import { appliedDocument } from "../../../core/fleet/document/build-documents.js"
import { hostRequests } from "../../../core/fleet/document/host-requests.js"
import { planFleet } from "../../../core/fleet/plan/plan-fleet.js"
import { inShard } from "../../../core/fleet/shard/shard.js"
import { repositoryName } from "../../../core/oci/reference.js"
import { runResult } from "../../../core/promote/run-result.js"
import { deletionWay } from "../../session/deletion-way.js"
import { type FleetFields, fleetFields } from "../../session/fleet-results.js"
import { documentHead, type FleetArguments, type OpenFleet, openFleet } from "../../session/open-fleet.js"
import type { ResultFiles } from "../../session/result-files.js"
import { runFiles } from "../../session/run-files.js"
import type { State } from "../../state/state.js"

export async function runApply(state: State, args: FleetArguments): Promise<FleetFields> {
  const opened = await openFleet(state, args)
  const { session, fleet, shard } = opened
  const world = await worldOf(opened)
  const planned = await planFleet(session.operation, fleet, shard)
  const applied = await applyFleet(world, planned)
  const requests = hostRequests(session.registry.exchanges)
  const document = appliedDocument({ ...documentHead(opened), requests }, applied)
  const files = await Promise.all(applied.map(filesOf))
  return fleetFields(document, session, Object.fromEntries(files.flatMap((one) => Object.entries(one))))
}

// Everything that may be wrong with a token is found before anything is written.
async function worldOf({ session, fleet, shard }: OpenFleet): Promise<ApplyWorld> {
  const entries = inShard(fleet.entries, shard)
  const repositories = new Map(entries.flatMap(endsOf).map((one) => [repositoryName(one), one]))
  const ways = new Map<string, DeletionWay>()
  const logins = new Map<string, boolean>()
  for (const [name, repository] of repositories) {
    ways.set(name, await deletionWay(session.settings, repository))
    logins.set(name, await session.authenticated(repository))
  }
  const vex = await session.vexFiles()
  const operations = new Map([...fleet.policies].map(([name, policy]) => [name, session.operationUnder(policy)]))
  const wayOf = (at: FleetEntry["source"]): DeletionWay => ways.get(repositoryName(at)) ?? { kind: "oci" }
  return {
    operationOf: (entry) =>
      (entry.kind === "promotion" ? operations.get(entry.policy ?? "") : undefined) ?? session.operation,
    mirrorSettings: ({ source }) => ({ sourceAuthenticated: logins.get(repositoryName(source)) ?? false }),
    promotionSettings: ({ source, target }): PromotionSettings => ({
      deletionWay: wayOf(source),
      targetDeletionWay: wayOf(target),
      vex,
    }),
    progress: session.operation.progress,
  }
}

function endsOf({ source, target }: FleetEntry): FleetEntry["source"][] {
  return [source, target]
}

/** A promotion's results as promote-quarantine has them, below runs/; a colon is no character of an artifact's path. */
async function filesOf({ entry, images }: AppliedEntry): Promise<ResultFiles> {
  const runs = images.flatMap(({ run }) => (run === undefined ? [] : [run]))
  if (runs.length === 0) return {}
  const [source, target] = endsOf(entry).map(repositoryName)
  const result = runResult({ source: source ?? "", target: target ?? "", dryRun: false }, runs, undefined)
  const files = await runFiles(source ?? "", runs, result)
  const folder = `runs/${(target ?? "").replace(":", "+")}`
  return Object.fromEntries(Object.entries(files).map(([name, text]) => [`${folder}/${name}`, text]))
}
