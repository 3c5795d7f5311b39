// What a fleet file would do: read, decided and told; nothing is written.
import { planDocument } from "../../../core/fleet/document/build-documents.js"
import { hostRequests } from "../../../core/fleet/document/host-requests.js"
import { planFleet } from "../../../core/fleet/plan/plan-fleet.js"
import { githubMatrix, gitlabPipeline } from "../../../core/fleet/shard/job-matrix.js"
import { type FleetFields, fleetFields } from "../../session/fleet-results.js"
import { documentHead, type FleetArguments, openFleet } from "../../session/open-fleet.js"
import type { State } from "../../state/state.js"

export async function runPlan(state: State, args: FleetArguments): Promise<FleetFields> {
  const opened = await openFleet(state, args)
  const { session, fleet, shard } = opened
  const planned = await planFleet(session.operation, fleet, shard)
  const requests = hostRequests(session.registry.exchanges)
  return fleetFields(planDocument({ ...documentHead(opened), requests }, planned), session)
}

export function runMatrix(shards: number): string {
  return githubMatrix(shards)
}

export function runGitlabPipeline(shards: number, include: string): string {
  return gitlabPipeline(shards, include)
}
