// How many requests an operation made, by side and method. A copy of layers is oras's: it is one COPY at the target, whatever
// it asks for (docs/performance.md tells how much that is).
import { type Repository } from "../oci/reference.js"
import { repositoryOf } from "../oci/registry-path.js"
import { type HttpExchange } from "../ports.js"

/** Our own requests by method, and copies; `token` are those to a token server, which registries count apart. */
export type RequestCount = {
  readonly source: Readonly<Record<string, number>>
  readonly target: Readonly<Record<string, number>>
  readonly token: number
}

/** Counts exchanges by the repository in their path; what is neither side's is a token or a redirect. */
export function countRequests(
  exchanges: readonly HttpExchange[],
  source: Repository,
  target: Repository,
): RequestCount {
  const count: { source: Record<string, number>; target: Record<string, number>; token: number } = {
    source: {},
    target: {},
    token: 0,
  }
  for (const { method, url } of exchanges) {
    const side = belongsTo(url, source) ? count.source : belongsTo(url, target) ? count.target : undefined
    if (side === undefined) count.token += 1
    else side[method] = (side[method] ?? 0) + 1
  }
  return count
}

function belongsTo(url: string, { registry, repository }: Repository): boolean {
  const host = registry === "docker.io" ? "registry-1.docker.io" : registry
  return repositoryOf(url) === `${host}/${repository}`
}
