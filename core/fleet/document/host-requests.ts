// Requests of a whole run, by registry and method: what each of them counts.
import { addCounts } from "../../image/traffic.js"
import type { HttpExchange } from "../../ports.js"

export type HostRequests = Readonly<Record<string, Readonly<Record<string, number>>>>

export function hostRequests(exchanges: readonly HttpExchange[]): HostRequests {
  return sumRequests(exchanges.map(({ method, url }) => ({ [new URL(url).host]: { [method]: 1 } })))
}

export function sumRequests(all: readonly HostRequests[]): HostRequests {
  const sum: Record<string, Readonly<Record<string, number>>> = {}
  for (const one of all)
    for (const [host, methods] of Object.entries(one)) sum[host] = addCounts(sum[host] ?? {}, methods)
  return sum
}
