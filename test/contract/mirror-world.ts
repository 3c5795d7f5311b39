// Two registries and mirrors between them: every call has a runner and a registry client of its own, as every
// `dagger call` has, so that nothing is remembered from one to the next.
import { randomBytes } from "node:crypto"
import { afterAll, afterEach, beforeAll } from "vitest"
import { mirror } from "../../core/acquire/mirror.js"
import type { MirrorRequest, MirrorResult } from "../../core/acquire/mirror-result.js"
import { parseReference } from "../../core/oci/reference.js"
import type { Caller } from "../../core/ports.js"
import { CopyingRegistry } from "../../dagger/containers/copying-registry.js"
import type { RetryPolicy } from "../../registry/retry.js"
import { clientAccess, type HostAccess } from "../support/host-access.js"
import { HostToolRunner } from "../support/host-tool-runner.js"
import {
  type RegistryKind,
  type RegistryOptions,
  type RequestRecord,
  startRegistry,
  type TestRegistry,
} from "../support/registry.js"
import { fourAttempts, noRetry } from "../support/retries.js"
import { unseen } from "../support/unseen.js"

export const kinds: RegistryKind[] = ["api", "distribution"]
export const pairs: [RegistryKind, RegistryKind][] = kinds.flatMap((from) =>
  kinds.map((to): [RegistryKind, RegistryKind] => [from, to]),
)

export { fourAttempts, noRetry }

export const aContext: Caller = {
  now: () => new Date("2026-01-02T03:04:05Z"),
  run: {
    url: "https://ci.example/runs/7",
    id: "7",
    attempt: "1",
    actor: "robot",
    workflow: "mirror",
  },
}

export type MirrorChange = Partial<Omit<MirrorRequest, "source" | "target">> & {
  readonly tag?: string
  readonly targetTag?: string
  readonly retry?: RetryPolicy
  readonly access?: HostAccess
  readonly context?: Caller
}

export const plainRequest = {
  force: false,
  referrers: true,
  history: false,
  provenance: false,
  platforms: [],
  newDigest: false,
  dryRun: false,
  sourceAuthenticated: false,
}

export class MirrorWorld {
  source!: TestRegistry
  target!: TestRegistry

  client({ retry = noRetry, access = {} }: Pick<MirrorChange, "retry" | "access"> = {}): CopyingRegistry {
    return new CopyingRegistry(new HostToolRunner(access), clientAccess(access), retry)
  }

  /** Mirrors `<repository>:<tag>` of the source to `quarantine/<repository>` of the target. */
  mirror(repository: string, change: MirrorChange = {}): Promise<MirrorResult> {
    const { tag = "1", targetTag = tag, retry, access, context = aContext, ...rest } = change
    const request = {
      ...plainRequest,
      ...rest,
      source: parseReference(`${this.source.address}/${repository}:${tag}`),
      target: parseReference(`${this.target.address}/quarantine/${repository}:${targetTag}`),
    }
    const client = this.client({ ...(retry && { retry }), ...(access && { access }) })
    return mirror({ registry: client, step: unseen, ...context }, request)
  }

  /** What a tag or digest stands for at the target. */
  at(repository: string, reference: string) {
    const separator = reference.startsWith("sha256:") ? "@" : ":"
    return this.client().resolve(
      parseReference(`${this.target.address}/quarantine/${repository}${separator}${reference}`),
    )
  }

  async forgetRequests(): Promise<void> {
    await Promise.all([this.source.resetRequests(), this.target.resetRequests()])
  }

  /** Requests that would change something at the target. */
  async writes(): Promise<string[]> {
    const requests = await this.target.requests()
    return requests
      .filter(({ method }) => method !== "GET" && method !== "HEAD")
      .map(({ method, path }) => `${method} ${path}`)
  }
}

/** A world for all tests of a suite, without faults at the start of each. */
export function mirrorWorld(from: RegistryKind, to: RegistryKind, options: RegistryOptions = {}): MirrorWorld {
  const world = new MirrorWorld()
  beforeAll(async () => {
    ;[world.source, world.target] = await Promise.all([startRegistry(from, options), startRegistry(to, options)])
  })
  afterEach(async () => {
    await Promise.all([world.source.clearFaults(), world.target.clearFaults()])
  })
  afterAll(async () => {
    await Promise.all([world.source.stop(), world.target.stop()])
  })
  return world
}

/** A repository that no other test uses. */
export function aRepository(): string {
  return `team/app-${randomBytes(5).toString("hex")}`
}

/** Requests by method, as a result tells them; pings and tokens apart. */
export async function logged(registry: TestRegistry): Promise<Record<string, number>> {
  const count: Record<string, number> = {}
  for (const { method, kind } of await registry.requests())
    if (kind !== "ping" && kind !== "token") count[method] = (count[method] ?? 0) + 1
  return count
}

/** Of these the ones that the module made itself: oras and crane say that they are others. */
export async function loggedOurs(
  registry: TestRegistry,
  isMeant: (request: RequestRecord) => boolean = () => true,
): Promise<Record<string, number>> {
  const count: Record<string, number> = {}
  for (const { method, kind, userAgent } of (await registry.requests()).filter(isMeant))
    if (kind !== "ping" && kind !== "token" && userAgent === "cssc") count[method] = (count[method] ?? 0) + 1
  return count
}

export function sum(count: Readonly<Record<string, number>>): number {
  return Object.values(count).reduce((total, number) => total + number, 0)
}

/** An element that has to be there. */
export function nth<T>(list: readonly T[], index: number): T {
  const found = list[index]
  if (found === undefined) throw new Error(`the test has only ${list.length} elements, and asks for ${index}`)
  return found
}
