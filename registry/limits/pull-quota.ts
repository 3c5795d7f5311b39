// The pulls that a registry still grants, as Docker Hub tells them with every answer about a manifest. A HEAD is told them
// too, and costs none. https://docs.docker.com/docker-hub/usage/pulls/
import { setTimeout as delay } from "node:timers/promises"
import { exhausted } from "../failure/failure-kinds.js"
import { RegistryError } from "../failure/registry-error.js"
import type { Answer, Sent } from "../http/answer.js"
import { hostKey } from "./pace.js"

/** Pulls that are left over: whoever else shares the quota should find one. */
export const RESERVED_PULLS = 1
/** Seconds of a window that is waited for; a longer one ends the call instead. */
export const MAX_QUOTA_PAUSE_SECONDS = 120

type Quota = { readonly limit: number; readonly window: number; remaining: number; underWay: number }

const countPattern = /^\s*(\d{1,12})\s*(?:;\s*w=(\d{1,12}))?\s*$/

/** `100;w=21600`: so many in so many seconds. */
export function parseQuotaHeader(text: string | undefined): { count: number; window: number } | undefined {
  const [, count, window] = countPattern.exec(text ?? "") ?? []
  return count === undefined ? undefined : { count: Number(count), window: Number(window ?? 0) }
}

export class PullQuotas {
  private readonly quotas = new Map<string, Quota>()

  constructor(private readonly sleep: (seconds: number) => Promise<unknown> = (seconds) => delay(seconds * 1000)) {}

  /** Before a request: a pull waits for a short window to pass, and is not sent when a long one has none left. */
  async before(sent: Sent, action: string): Promise<void> {
    if (!isPull(sent)) return
    await this.grant(sent.url.host, 1, action, (quota) => quota.underWay++)
  }

  /** Notes what an answer tells. */
  after({ sent, header }: Pick<Answer, "sent" | "header">): void {
    const key = hostKey(sent.url.host)
    const known = this.quotas.get(key)
    if (known !== undefined && isPull(sent)) known.underWay = Math.max(0, known.underWay - 1)
    const remaining = parseQuotaHeader(header("ratelimit-remaining"))
    if (remaining === undefined) return
    const limit = parseQuotaHeader(header("ratelimit-limit"))
    const underWay = known?.underWay ?? 0
    const window = remaining.window || limit?.window || 0
    this.quotas.set(key, { limit: limit?.count ?? 0, window, remaining: remaining.count, underWay })
  }

  isKnown(host: string): boolean {
    return this.quotas.has(hostKey(host))
  }

  /** Throws `QUOTA_EXHAUSTED` when fewer pulls are left than something takes. */
  require(host: string, pulls: number, action: string): Promise<void> {
    return this.grant(host, pulls, action, () => undefined)
  }

  // Looked at and taken in one turn: those who ask at the same time must not all find the last pull.
  private async grant(host: string, pulls: number, action: string, take: (quota: Quota) => unknown): Promise<void> {
    const quota = this.quotas.get(hostKey(host))
    if (quota === undefined) return
    if (quota.remaining - quota.underWay - RESERVED_PULLS >= pulls) return void take(quota)
    if (quota.window === 0 || quota.window > MAX_QUOTA_PAUSE_SECONDS) throw exhaustedError(host, quota, pulls, action)
    await this.sleep(quota.window)
    // What the new window grants is told by the next answer.
    this.quotas.delete(hostKey(host))
  }

  /** What a 429 means where nothing is left: no other attempt within this call will pass. */
  refused(host: string, action: string): RegistryError | undefined {
    const quota = this.quotas.get(hostKey(host))
    const isOver = quota !== undefined && quota.remaining <= 0 && quota.window > MAX_QUOTA_PAUSE_SECONDS
    return isOver ? exhaustedError(host, quota, 1, action) : undefined
  }
}

function isPull({ method, url }: Sent): boolean {
  return method === "GET" && /^\/v2\/.+\/manifests\/[^/]+$/.test(url.pathname)
}

function exhaustedError(host: string, { limit, window, remaining }: Quota, pulls: number, action: string) {
  const of = limit === 0 ? "" : ` of ${limit}`
  const period = window === 0 ? "" : ` in ${told(window)}`
  const what = `${hostKey(host)} grants ${Math.max(0, remaining)} more pulls${of}${period}, this takes ${pulls}, and ${RESERVED_PULLS} is left over`
  const wait = window === 0 ? "later" : `within ${told(window)}`
  const hint = `what was done until here stays done, and the same call goes on from there: run it again ${wait}, log in for a larger quota, or pull through a mirror`
  return new RegistryError(action, { ...exhausted, what, hint })
}

function told(seconds: number): string {
  if (seconds % 3600 === 0) return `${seconds / 3600} h`
  return seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`
}
