// Requests to registries as they are meant: authorized, redirected, tried again at once when that may help, and named
// when they fail.
import { setTimeout as delay } from "node:timers/promises"
import type { Repository } from "../../core/oci/reference.js"
import type { HttpExchange } from "../../core/ports.js"
import { cleanMessage } from "../../rest/redact.js"
import { Authorizer } from "../auth/authorizer.js"
import { refusalError } from "../failure/classify-answer.js"
import { expired, unavailable } from "../failure/failure-kinds.js"
import { parseOciError } from "../failure/oci-error.js"
import { isNotFound, RegistryError } from "../failure/registry-error.js"
import type { ClientOptions } from "../limits/client-options.js"
import { Pace } from "../limits/pace.js"
import type { PullQuotas } from "../limits/pull-quota.js"
import { type Access, hostOf } from "./access.js"
import { type Answer } from "./answer.js"
import { Connections } from "./connections.js"
import { discard, readErrorText } from "./read-body.js"
import { quickDelay, redirectOf, type RegistryRequest } from "./registry-request.js"
import { Wire } from "./round-trip.js"
import { resolveLocation } from "./same-registry.js"
const MAX_TOLD_KEYS = 5

export class RegistryHttp {
  private readonly connections: Connections
  private readonly wire: Wire
  private readonly authorizer: Authorizer

  /** Attempts that were made again, by host. */
  readonly retries = new Map<string, number>()
  readonly pace: Pace

  constructor(
    private readonly access: Access,
    { limits, patience }: ClientOptions = {},
  ) {
    this.connections = new Connections(access)
    this.pace = new Pace(limits)
    this.wire = new Wire(this.connections, this.pace, patience)
    this.authorizer = new Authorizer(this.wire, access)
  }

  get exchanges(): HttpExchange[] {
    return this.wire.exchanges
  }

  get quotas(): PullQuotas {
    return this.wire.quotas
  }

  /** Counts an attempt that is made again; while a registry asks to wait, nobody else begins there. */
  again({ host, code, retryAfterSeconds }: RegistryError, pause: Promise<void>): void {
    if (host === undefined) return
    this.retries.set(host, (this.retries.get(host) ?? 0) + 1)
    if (code === "REGISTRY_RATE_LIMITED" || retryAfterSeconds !== undefined) this.pace.hold(host, pause)
  }

  /** Sends a request and reads its answer; throws `RegistryError`, or what `read` throws. */
  async exchange<T>(request: RegistryRequest, read: (answer: Answer) => Promise<T>): Promise<T> {
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.pace.place(hostOf(request.repository.registry), () => this.attempt(request, read))
      } catch (error) {
        const wait = quickDelay(request, error, attempt)
        if (wait === undefined)
          throw error instanceof RegistryError && error.action !== request.action ? error.within(request.action) : error
        const pause = delay(wait * (1 + Math.random() / 2))
        if (error instanceof RegistryError) this.again(error, pause)
        await pause
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
    const isOver = answer.status === 429 ? this.quotas.refused(url.host, request.action) : undefined
    if (isOver !== undefined) {
      await discard(answer)
      return isOver
    }
    const error = refusalError(request.action, {
      method,
      url: url.href,
      status: answer.status,
      error: parseOciError(await readErrorText(answer)),
      retryAfter: answer.header("retry-after"),
      date: answer.header("date"),
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
