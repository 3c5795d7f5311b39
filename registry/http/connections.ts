// Connections to hosts, kept for the time of one call. Each host has its own: a private CA or plain HTTP is for the
// address that it was given for, and for no other.
import { lookup } from "node:dns"
import { readFileSync } from "node:fs"
import type { LookupFunction } from "node:net"
import * as tls from "node:tls"
import { Agent, type Dispatcher, EnvHttpProxyAgent } from "undici"
import { CsscError } from "../../core/errors.js"
import { MAX_CONCURRENCY } from "../../core/ports.js"
import type { Access, Reach } from "./access.js"

const connectTimeout = 10_000

export type Connection = { readonly dispatcher: Dispatcher; readonly plainHttp: boolean }

export class Connections {
  private readonly open = new Map<string, Promise<Connection>>()

  constructor(private readonly access: Access) {}

  /** The connection to a URL's host; plain HTTP to a host that was not said to speak it is refused. */
  async to(url: URL): Promise<Dispatcher> {
    const { dispatcher, plainHttp } = await this.host(url.host)
    if (url.protocol === "https:" || (url.protocol === "http:" && plainHttp)) return dispatcher
    throw new CsscError(
      "REGISTRY_REFUSED",
      `${url.protocol}//${url.host} is not secure, and nobody said that it may be: bind it by with-registry-service, or let the registry name an https:// address`,
    )
  }

  /** Whether a host is spoken to without TLS. */
  async isPlainHttp(host: string): Promise<boolean> {
    return (await this.host(host)).plainHttp
  }

  private host(host: string): Promise<Connection> {
    const known = this.open.get(host)
    if (known !== undefined) return known
    const opened = this.access.reach(host).then((reach) => ({
      dispatcher: dispatcherFor(reach),
      plainHttp: reach.plainHttp ?? false,
    }))
    this.open.set(host, opened)
    return opened
  }
}

function dispatcherFor({ certificate, dial }: Reach): Dispatcher {
  const ca = certificate === undefined ? {} : { ca: [...publicAuthorities(), certificate] }
  const connect = { timeout: connectTimeout, ...ca, ...(dial === undefined ? {} : { lookup: lookupOf(dial) }) }
  const options = { connections: MAX_CONCURRENCY, connect }
  // A bound service is not reached by a proxy. Plain HTTP goes to a proxy as proxies expect it, without a tunnel.
  if (dial !== undefined) return new Agent(options)
  return new EnvHttpProxyAgent({ ...options, requestTls: ca, proxyTunnel: false })
}

/** Whatever name is asked for, the addresses of another. */
function lookupOf(dial: string): LookupFunction {
  return (_, options, found) => lookup(dial, options, found)
}

// A CA that is passed replaces Node.js's own list, with what NODE_EXTRA_CA_CERTS adds to it.
function publicAuthorities(): readonly string[] {
  const { getCACertificates } = tls as { getCACertificates?: (type: "default") => string[] }
  if (getCACertificates !== undefined) return getCACertificates("default") // from Node.js 22.15
  const extra = process.env.NODE_EXTRA_CA_CERTS
  return [...tls.rootCertificates, ...(extra === undefined ? [] : [readFileSync(extra, "utf8")])]
}
