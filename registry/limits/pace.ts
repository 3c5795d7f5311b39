// How fast and how much at once a registry is asked: within the limits that it was given, and not at all while it asks
// us to wait. By the monotonic clock: a jump of the wall clock neither stops nor floods anybody.
import { setTimeout as delay } from "node:timers/promises"
import pLimit, { type LimitFunction } from "p-limit"
import { canonicalRegistry } from "../../core/oci/reference.js"
import { MAX_CONCURRENCY, type RegistryLimits } from "../../core/ports.js"

type Host = {
  readonly places: LimitFunction
  /** Whether somebody limited how much is asked at once. */
  readonly isBounded: boolean
  /** Milliseconds between two requests. */
  readonly interval: number
  next: number
  held: Promise<unknown>
}

/** One name for one registry, whatever port goes without saying. */
export function hostKey(host: string): string {
  return canonicalRegistry(host).replace(/:(?:80|443)$/, "")
}

export class Pace {
  private readonly hosts = new Map<string, Host>()

  constructor(private readonly limits: readonly RegistryLimits[] = []) {}

  /** Does work that holds one of the registry's places until its end; what it does must not ask for another. */
  place<T>(host: string, work: () => Promise<T>): Promise<T> {
    return this.of(host).places(work)
  }

  /** Like `place`, at every registry that was given a concurrency; of others a tool asks as it likes. */
  places<T>(hosts: readonly string[], work: () => Promise<T>): Promise<T> {
    // In one order, so that two that want the same two places never wait for each other.
    const bounded = [...new Set(hosts.map(hostKey))].filter((host) => this.of(host).isBounded).sort()
    return bounded.reduceRight<() => Promise<T>>((inner, host) => () => this.place(host, inner), work)()
  }

  /** Whether a concurrency was given for one of these. */
  isBounded(hosts: readonly string[]): boolean {
    return hosts.some((host) => this.of(host).isBounded)
  }

  /** Waits until a request may begin. */
  async turn(name: string): Promise<void> {
    const host = this.of(name)
    for (let held: Promise<unknown> | undefined; held !== host.held;) {
      held = host.held
      await held
    }
    if (host.interval === 0) return
    const now = performance.now()
    const at = Math.max(now, host.next)
    host.next = at + host.interval
    if (at > now) await delay(at - now)
  }

  /** No request begins before this is over: the registry asked for it. */
  hold(name: string, pause: Promise<unknown>): void {
    const host = this.of(name)
    host.held = Promise.allSettled([host.held, pause])
  }

  private of(name: string): Host {
    const key = hostKey(name)
    const known = this.hosts.get(key)
    if (known !== undefined) return known
    const given = this.limits.find((one) => hostKey(one.name) === key)
    const host = {
      places: pLimit(given?.concurrency ?? MAX_CONCURRENCY),
      isBounded: given?.concurrency !== undefined,
      interval: given?.requestsPerSecond === undefined ? 0 : 1000 / given.requestsPerSecond,
      next: 0,
      held: Promise.resolve(),
    }
    this.hosts.set(key, host)
    return host
  }
}
