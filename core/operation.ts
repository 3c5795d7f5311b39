// What an operation works with, from its first line to its last: made once for a call, passed on whole. A stage that
// needs less says so with a Pick.
import type { TrustStore } from "./attestation/trust-store.js"
import type { Policy } from "./policy/document/policy.js"
import type { Caller, Registry, RiskFeeds, Scanner } from "./ports.js"
import { trustOf } from "./trust.js"

export type Operation = Pick<Caller, "now" | "run" | "signer"> & {
  readonly registry: Registry
  readonly scanner: Scanner
  readonly feeds?: RiskFeeds
  readonly policy: Policy
  /** Whose signatures count: our own keys, those of the caller, and those of the policy's publishers. */
  readonly trust: TrustStore
  /** Takes one line about what is done, for those who wait. */
  readonly progress: (line: string) => void
  readonly step: Step
}

/** Does a part of the work under a name that those who wait see; `told` makes a line of what came of it. */
export type Step = <T>(name: string, work: () => Promise<T>, told?: (result: T) => string) => Promise<T>

type Ports = Pick<Operation, "registry" | "scanner" | "feeds" | "progress" | "step">

/** The operation of a caller under a policy. */
export function newOperation(ports: Ports, policy: Policy, caller: Caller): Operation {
  const { now, run, signer } = caller
  const { registry, scanner, feeds, progress, step } = ports
  const world = { registry, scanner, progress, step, ...(feeds === undefined ? {} : { feeds }) }
  return { ...world, policy, trust: trustOf(policy, caller), now, run, ...(signer === undefined ? {} : { signer }) }
}
