// A fleet on two registries: planned and applied as the verbs do it, each call with a client of its own.
import { randomBytes } from "node:crypto"
import { applyFleet } from "../../core/fleet/apply/apply-fleet.js"
import type { Fleet } from "../../core/fleet/config/fleet.js"
import { parseFleet } from "../../core/fleet/config/parse-fleet.js"
import { appliedDocument, planDocument } from "../../core/fleet/document/build-documents.js"
import type { FleetDocument } from "../../core/fleet/document/fleet-document.js"
import { hostRequests } from "../../core/fleet/document/host-requests.js"
import { planFleet } from "../../core/fleet/plan/plan-fleet.js"
import { formatShard, parseShard } from "../../core/fleet/shard/shard.js"
import type { Operation } from "../../core/operation.js"
import { defaultPolicy, policyDigest } from "../../core/policy/document/policy.js"
import { anImage, type ImageOptions } from "../support/build-image.js"
import { HostScanner } from "../support/host-scanner.js"
import { anOperation, newRegistry } from "../support/promotion.js"
import { pushImage } from "../support/push-image.js"
import type { TestRegistry } from "../support/registry.js"

export type FleetCall = { readonly shard?: string; readonly lines?: string[]; readonly operation?: Partial<Operation> }

/** What `plan` finds. */
export async function planned(text: string, call: FleetCall = {}): Promise<FleetDocument> {
  const { fleet, operation, shard } = open(text, call)
  const plan = await planFleet(operation, fleet, shard)
  return planDocument(headOf(fleet, operation, call), plan)
}

/** What `apply` does. */
export async function applied(text: string, call: FleetCall = {}): Promise<FleetDocument> {
  const { fleet, operation, shard } = open(text, call)
  const plan = await planFleet(operation, fleet, shard)
  const world = {
    operationOf: () => operation,
    mirrorSettings: () => ({ sourceAuthenticated: false }),
    promotionSettings: () => ({ deletionWay: { kind: "oci" as const } }),
    progress: (line: string) => void call.lines?.push(line),
  }
  const images = await applyFleet(world, plan)
  return appliedDocument(headOf(fleet, operation, call), images)
}

function open(text: string, { shard = "", operation = {} }: FleetCall) {
  const fleet = parseFleet(text)
  const ports = { registry: newRegistry(), scanner: new HostScanner(), ...operation }
  return { fleet, operation: anOperation(ports), shard: parseShard(shard) }
}

function headOf({ source, digest, entries }: Fleet, { registry }: Operation, { shard = "" }: FleetCall) {
  const config = { source, digest, entries: entries.length, policy: policyDigest(defaultPolicy()) }
  const part = shard === "" ? {} : { shard: formatShard(parseShard(shard)) }
  return { config, ...part, requests: hostRequests(registry.exchanges) }
}

/** Images with digests of their own. */
export async function pushTags(
  at: TestRegistry,
  repository: string,
  tags: readonly string[],
  options: ImageOptions = {},
): Promise<void> {
  for (const tag of tags) {
    const layers = ["base", `${repository} ${tag} ${randomBytes(4).toString("hex")}`]
    await pushImage(
      at.url,
      repository,
      tag,
      anImage({ platforms: ["linux/amd64"], layers, sbom: "cyclonedx", ...options }),
    )
  }
}

/** Outcomes, or a plan's actions, by target. */
export function ends({ images }: FleetDocument): Record<string, string | undefined> {
  const name = (target: string) => target.slice(target.indexOf("/") + 1)
  return Object.fromEntries(images.map(({ target, outcome, action }) => [name(target), outcome ?? action]))
}
