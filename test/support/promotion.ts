// Gate and promotion over real registries, oras and Trivy, as the module wires them, and what a registry then holds.
import type { ScanRequest } from "../../core/assess/scan-request.js"
import { predicateTypes } from "../../core/attestation/predicate-types.js"
import type { ScanMethod } from "../../core/findings/assessment.js"
import { gate } from "../../core/gate/gate.js"
import type { GateResult } from "../../core/gate/gate-result.js"
import { pin } from "../../core/image/image-graph.js"
import { parseReference, type PinnedReference, type Reference } from "../../core/oci/reference.js"
import { newOperation, type Operation } from "../../core/operation.js"
import { defaultPolicy, type Policy } from "../../core/policy/document/policy.js"
import type { Caller, Registry, RiskFeeds } from "../../core/ports.js"
import { promote } from "../../core/promote/promote.js"
import type { PromotionResult } from "../../core/promote/promotion-result.js"
import { CopyingRegistry } from "../../dagger/containers/copying-registry.js"
import { clientAccess } from "./host-access.js"
import { HostScanner } from "./host-scanner.js"
import { HostToolRunner } from "./host-tool-runner.js"
import type { RequestRecord, TestRegistry } from "./registry.js"
import { unseen } from "./unseen.js"

export const context: Caller = {
  now: () => new Date(),
  run: {
    url: "https://ci.example/runs/7",
    id: "7",
    attempt: "1",
    actor: "tester",
    workflow: "https://ci.example/workflow",
  },
}

export type OperationOptions = Partial<Omit<Operation, "run" | "signer">> & {
  readonly context?: Caller
}

/** An operation as a call makes it, on real tools. */
export function anOperation(options: OperationOptions = {}): Operation {
  const { context: by = context, policy = defaultPolicy(), registry = newRegistry(), ...given } = options
  const { scanner = new HostScanner(), progress = () => undefined, ...more } = given
  return { ...newOperation({ registry, scanner, progress, step: unseen }, policy, by), ...more }
}

/** Failures are met once: what a test does not wait for is not tried again. */
export function newRegistry(): Registry {
  return new CopyingRegistry(new HostToolRunner(), clientAccess(), {
    delays: [],
    maxDelay: 0,
    sleep: () => Promise.resolve(),
  })
}

export function refer(at: TestRegistry, name: string): Reference {
  return parseReference(`${at.address}/${name}`)
}

export type GateOptions = {
  readonly method?: ScanMethod
  readonly predicateType?: string
  readonly policy?: Policy
  readonly scanner?: HostScanner
  readonly feeds?: RiskFeeds
  /** Whose keys are ours, beside the policy's. */
  readonly context?: Caller
  readonly now?: Date
} & Pick<ScanRequest, "baseline" | "vex">

/** Judges an image; its tag is resolved once. */
export async function gateImage(image: Reference | PinnedReference, options: GateOptions = {}): Promise<GateResult> {
  const { method = "sbom", predicateType = predicateTypes.cyclonedx, baseline, vex, now, ...given } = options
  const operation = anOperation({ ...given, ...at(now) })
  const asked = { ...(baseline === undefined ? {} : { baseline }), ...(vex === undefined ? {} : { vex }) }
  const request = { image: await pin(operation.registry, image), method, predicateType, ...asked }
  return gate(operation, request)
}

export type PromoteOptions = {
  readonly policy?: Policy
  readonly dryRun?: boolean
  readonly registry?: Registry
  readonly context?: Caller
  readonly now?: Date
}

export function promoteImage(
  gated: GateResult,
  target: Reference,
  options: PromoteOptions = {},
): Promise<PromotionResult> {
  const { dryRun = false, now, ...given } = options
  return promote(anOperation({ ...given, ...at(now) }), gated, { source: gated.image, target, dryRun })
}

function at(now: Date | undefined): Pick<OperationOptions, "now"> {
  return now === undefined ? {} : { now: () => now }
}

const writing: ReadonlySet<string> = new Set(["POST", "PUT", "PATCH", "DELETE"])

/** The requests that change something; under a path, if one is given. */
export async function writesOf(at: TestRegistry, path = ""): Promise<readonly RequestRecord[]> {
  return (await at.requests()).filter(
    (one) => writing.has(one.method) && one.kind !== "token" && one.path.includes(path),
  )
}

/** The digest of a tag, straight from the registry. */
export async function tagDigest(at: TestRegistry, name: string): Promise<string | undefined> {
  return newRegistry().resolve(refer(at, name))
}

/** The registry offers an upload where it is first asked to mount a blob into golden: oras has to copy. */
export function mountsNothing(at: TestRegistry): Promise<void> {
  return at.fault({ match: { method: "POST", pathRegex: "/golden/.*/blobs/uploads/$" }, status: 202, times: 1 })
}

/** A registry that does something of its own right before or after one of its methods, the first time. */
export function interrupt(
  registry: Registry,
  method: keyof Registry,
  when: "before" | "after",
  act: () => Promise<unknown>,
): Registry {
  let acted = false
  const once = async () => {
    if (acted) return
    acted = true
    await act()
  }
  return new Proxy(registry, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name)
      if (typeof value !== "function") return value
      if (name !== method) return value.bind(target) as unknown
      return async (...words: unknown[]) => {
        if (when === "before") await once()
        const answer: unknown = await value.apply(target, words)
        if (when === "after") await once()
        return answer
      }
    },
  })
}
