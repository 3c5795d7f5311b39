// What was asked of every registry, and how much went over the line: by host, of this call.
import { canonicalRegistry } from "../oci/reference.js"
import type { Registry } from "../ports.js"

/**
 * The traffic with one host. Requests, bytes and retries are our own. Of a copy the tool tells its parts, and sizes are
 * known of those that were read about here: `unsized` counts the others. How many requests a tool made is not known, nor
 * what a scanner pulled.
 */
export type HostTraffic = {
  /** By method, of registries, token servers and the storage that they lead to. */
  readonly requests: Readonly<Record<string, number>>
  /** Bytes of bodies. */
  readonly sent: number
  readonly received: number
  /** Attempts that were made again. */
  readonly retries: number
  /**
   * Commands of oras that wrote here, and the manifests and blobs that they brought, mounted or found; `mounted` has the
   * blobs that were mounted without it too.
   */
  readonly copies: number
  readonly moved: number
  readonly mounted: number
  readonly present: number
  readonly movedBytes: number
  readonly mountedBytes: number
  readonly unsized: number
}

export type Traffic = {
  readonly schema: "https://cssc.dev/requests/v1"
  readonly hosts: Readonly<Record<string, HostTraffic>>
}

export type Metered = Pick<Registry, "exchanges" | "retries">

const nothing = {
  ...{ requests: {}, sent: 0, received: 0, retries: 0 },
  ...{ copies: 0, moved: 0, mounted: 0, present: 0, movedBytes: 0, mountedBytes: 0, unsized: 0 },
} satisfies HostTraffic

/** What a client did since it was made. */
export function trafficOf({ exchanges, retries }: Metered): Traffic {
  const requests = exchanges.map(({ method, url, sent = 0, received = 0, copied }) => {
    const host = /^https?:\/\/([^/]+)/.exec(url)?.[1] ?? ""
    const isCopy = method === "COPY"
    const one = { ...nothing, sent, received, ...copied }
    return [host, isCopy ? { ...one, copies: 1 } : { ...one, requests: { [method]: 1 } }] as const
  })
  const again = [...retries].map(([host, count]) => [host, { ...nothing, retries: count }] as const)
  return sum([...requests, ...again].map(([host, one]) => [canonicalRegistry(host), one]))
}

function sum(all: readonly (readonly [string, HostTraffic])[]): Traffic {
  const hosts = new Map<string, HostTraffic>()
  for (const [host, more] of all) hosts.set(host, addHost(hosts.get(host) ?? nothing, more))
  return { schema: "https://cssc.dev/requests/v1", hosts: Object.fromEntries(hosts) }
}

/** By name, both together. */
export function addCounts(
  a: Readonly<Record<string, number>>,
  b: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> {
  const sum = { ...a }
  for (const [name, count] of Object.entries(b)) sum[name] = (sum[name] ?? 0) + count
  return sum
}

function addHost(a: HostTraffic, b: HostTraffic): HostTraffic {
  const { requests: _, ...numbers } = nothing
  const sums = Object.keys(numbers).map((name) => {
    const key = name as keyof typeof numbers
    return [key, a[key] + b[key]] as const
  })
  return { requests: addCounts(a.requests, b.requests), ...(Object.fromEntries(sums) as typeof numbers) }
}
