// Requests of a whole run, by registry and method: what each of them counts.
import type { HttpExchange } from "../../ports.js"

export type HostRequests = Readonly<Record<string, Readonly<Record<string, number>>>>

export function hostRequests(exchanges: readonly HttpExchange[]): HostRequests {
  return sumRequests(exchanges.map(({ method, url }) => ({ [new URL(url).host]: { [method]: 1 } })))
}

export function sumRequests(all: readonly HostRequests[]): HostRequests {
  const sum: Record<string, Record<string, number>> = {}
  for (const one of all)
    for (const [host, methods] of Object.entries(one)) {
      const own = (sum[host] ??= {})
      for (const [method, number] of Object.entries(methods)) own[method] = (own[method] ?? 0) + number
    }
  return sum
}
