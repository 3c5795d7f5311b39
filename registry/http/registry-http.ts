// Requests to registries as they are meant: authorized, redirected, tried again at once when that may help, and named
// when they fail.
import { setTimeout as delay } from "node:timers/promises"
import type { Repository } from "../../core/oci/reference.js"
import type { HttpExchange } from "../../core/ports.js"
import { cleanMessage } from "../../rest/redact.js"
import { Authorizer, type Purpose } from "../auth/authorizer.js"
import { refusalError } from "../failure/classify-answer.js"
import { expired, unavailable } from "../failure/failure-kinds.js"
import { parseOciError } from "../failure/oci-error.js"
import { isNotFound, RegistryError } from "../failure/registry-error.js"
import { type Access, hostOf } from "./access.js"
import { Connections } from "./connections.js"
import { discard, readErrorText } from "./read-body.js"
import { type Answer, type Headers, type HttpMethod, Wire } from "./round-trip.js"
import { resolveLocation } from "./same-registry.js"

export type RegistryRequest = Purpose & {
  /** What is to be done, on which reference: the start of every message. */
  readonly action: string
  readonly method: HttpMethod
  /** Below `/v2/<repository>/`, or a whole URL that the registry gave. */
  readonly path: string | URL
  readonly headers?: Headers
  readonly body?: Uint8Array | string
  readonly expect: readonly number[]
  /** Asked once: what an upload began cannot be sent twice. */
  readonly once?: boolean
  /** An answer that leads to another host is a refusal. */
  readonly stay?: boolean
}

/** Milliseconds before another try within a request; longer outages are the caller's to wait for (retry.ts). */
export const QUICK_DELAYS: readonly number[] = [100, 300]
export const MAX_REDIRECTS = 5
const MAX_TOLD_KEYS = 5

const redirects: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])

export class RegistryHttp {
  private readonly connections: Connections
  private readonly wire: Wire
  private readonly authorizer: Authorizer

  constructor(private readonly access: Access) {
    this.connections = new Connections(access)
    this.wire = new Wire(this.connections)
    this.authorizer = new Authorizer(this.wire, access)
  }

  get exchanges(): HttpExchange[] {
    return this.wire.exchanges
  }

  /** Sends a request and reads its answer; throws `RegistryError`, or what `read` throws. */
  async exchange<T>(request: RegistryRequest, read: (answer: Answer) => Promise<T>): Promise<T> {
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.attempt(request, read)
      } catch (error) {
        const wait = quickDelay(request, error, attempt)
        if (wait === undefined)
          throw error instanceof RegistryError && error.action !== request.action ? error.within(request.action) : error
        await delay(wait)
      }
    }
  }

  /** `https://host/v2/<repository>/<path>`. */
  async url({ registry, repository }: Repository, path: string): Promise<URL> {
    const host = hostOf(registry)
    const scheme = (await this.connections.isPlainHttp(host)) ? "http" : "https"
    return new URL(`${scheme}://${host}/v2/${repository}/${path}`)
  }

  private async attempt<T>(request: RegistryRequest, read: (answer: Answer) => Promise<T>): Promise<T> {
    const { path, repository, action } = request
    const first = typeof path === "string" ? await this.url(repository, path) : path
    let url = first
    for (let hop = 0; ; hop++) {
      const answer = await this.send(request, url)
      if (request.expect.includes(answer.status)) return read(answer)
      const target = redirectOf(request, answer, hop)
      if (target === undefined) throw elsewhere(await this.refusal(request, answer), url.origin !== first.origin)
      await discard(answer)
      const next = resolveLocation(url, target, action)
      if (request.stay === true && next.origin !== first.origin) throw await this.refusal(request, answer)
      url = next
    }
  }

  /** With the registry's credentials on its own origin alone. */
  private async send(request: RegistryRequest, url: URL): Promise<Answer> {
    const { repository, action, method, body } = request
    const own = (await this.url(repository, "")).origin === url.origin
    const sent = (authorization: string | undefined) => ({
      method,
      url,
      headers: { ...request.headers, ...(authorization === undefined ? {} : { authorization }) },
      ...(body === undefined ? {} : { body }),
    })
    const used = own ? await this.authorizer.header(request) : undefined
    const answer = await this.wire.send(sent(used), action)
    if (!own) return answer
    if (used !== undefined) this.authorizer.admit(request, answer.status)
    const header = answer.status === 401 ? await this.authorizer.answer(request, answer, used) : undefined
    if (header === undefined) return answer
    await discard(answer)
    const second = await this.wire.send(sent(header), action)
    this.authorizer.admit(request, second.status)
    return second
  }

  private async refusal(request: RegistryRequest, answer: Answer): Promise<RegistryError> {
    const { method, url } = answer.sent
    const error = refusalError(request.action, {
      method,
      url: url.href,
      status: answer.status,
      error: parseOciError(await readErrorText(answer)),
      retryAfter: answer.header("retry-after"),
      secrets: await this.authorizer.secrets(request.repository),
    })
    if (error.code !== "REGISTRY_UNAUTHORIZED") return error
    // Let in before, and refused with a token that was new when it was sent: it lives too short for this registry.
    if (answer.status === 401 && this.authorizer.wasAdmitted(request))
      return new RegistryError(error.action, expired, error.answer)
    return this.withUnusedKeys(error, request.repository)
  }

  // A key that no registry fits may be the one that was meant.
  private async withUnusedKeys(error: RegistryError, repository: Repository): Promise<RegistryError> {
    const unused = (await this.access.unusedKeys?.()) ?? []
    if (unused.length === 0 || (await this.access.credential(repository)) !== undefined) return error
    const keys = unused.slice(0, MAX_TOLD_KEYS).map((key) => `"${cleanMessage(key, [])}"`)
    const hint = `${error.failure.hint}; the docker config's ${keys.join(", ")} is no address that could be used`
    return new RegistryError(error.action, { ...error.failure, hint }, error.answer)
  }
}

// The registry has what it sends us to another host for: that this one lacks it is no word of the registry's.
function elsewhere(error: RegistryError, isRedirected: boolean): RegistryError {
  return isRedirected && isNotFound(error) ? new RegistryError(error.action, unavailable, error.answer) : error
}

function redirectOf({ method }: RegistryRequest, answer: Answer, hop: number): string | undefined {
  const reads = method === "GET" || method === "HEAD"
  return reads && redirects.has(answer.status) && hop < MAX_REDIRECTS ? answer.header("location") : undefined
}

// Not before the registry wants it, and not what cannot be said twice.
function quickDelay({ method, once }: RegistryRequest, error: unknown, attempt: number): number | undefined {
  if (!(error instanceof RegistryError) || !error.retry || once === true || method === "POST") return undefined
  const wait = QUICK_DELAYS[attempt]
  return wait !== undefined && (error.retryAfterSeconds ?? 0) * 1000 <= wait ? wait : undefined
}
