// A local server that answers as GitHub's Packages API is recorded to answer: versions by digest with all their tags,
// paging by Link, the two 400s, rights that show as 403 or 404. Sources of the texts: kairos-io/kairos#4723,
// chizkiyahu/delete-untagged-ghcr-action#40, actions/delete-package-versions#237.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import { type AddressInfo } from "node:net"
import { answerGithubIssues } from "./fake-github-issues.js"
import { type Answer, type ForgeStore, type Interruption, readJsonBody, takeInterruption } from "./forge-store.js"

export type FakeVersion = { readonly id: number; readonly digest: string; readonly tags: readonly string[] }

export type FakeGithubOptions = {
  readonly owner?: { readonly login: string; readonly type: "User" | "Organization" }
  /** Who the token belongs to; a workflow's token has no user. */
  readonly login?: string
  readonly token?: string
  /** Versions by package name, `nginx` or `quarantine/nginx`. */
  readonly packages?: Readonly<Record<string, readonly FakeVersion[]>>
  /** What the token may not do: 403 as for a missing scope, 404 as for a missing role. */
  readonly refuseDelete?: 403 | 404
  /** Ids of public versions with more than 5000 downloads. */
  readonly downloaded?: readonly number[]
  /** The `Link` header's origin, when it lies. */
  readonly linkOrigin?: string
  /** Issues of `owner`/app, and whom the token acts as there: `github-actions[bot]` is known by GraphQL alone. */
  readonly forge?: { readonly store: ForgeStore; readonly self: string }
}

export type FakeGithub = {
  readonly url: string
  /** `METHOD /path?query` of every request, in order. */
  readonly requests: readonly string[]
  /** The same with bodies. */
  readonly exchanges: readonly Exchange[]
  /** The versions that are left. */
  versions(name: string): readonly FakeVersion[]
  interrupt(...interruptions: readonly Interruption[]): void
  close(): Promise<void>
}

export type Exchange = { readonly request: string; readonly sent: unknown } & Answer

type State = {
  readonly exchanges: Exchange[]
  readonly options: Required<Pick<FakeGithubOptions, "owner" | "token">> & FakeGithubOptions
  readonly packages: Map<string, FakeVersion[]>
  readonly interruptions: Interruption[]
  readonly requests: string[]
}

/** Starts the server on loopback. */
export async function startFakeGithub(options: FakeGithubOptions = {}): Promise<FakeGithub> {
  const packages = Object.entries(options.packages ?? {}).map(([name, all]): [string, FakeVersion[]] => [
    name,
    [...all],
  ])
  const owner = options.owner ?? { login: "acme", type: "Organization" as const }
  const state: State = {
    options: { token: "ghp_fakeTokenOfTheTests", ...options, owner },
    packages: new Map(packages),
    interruptions: [],
    requests: [],
    exchanges: [],
  }
  const server = createServer((request, response) => {
    void readJsonBody(request).then((body) => {
      const given = answer(state, request, body)
      state.exchanges.push({ request: `${request.method ?? ""} ${request.url ?? ""}`, sent: body, ...given })
      send(response, given)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: state.requests,
    exchanges: state.exchanges,
    versions: (name) => state.packages.get(name) ?? [],
    interrupt: (...interruptions) => void state.interruptions.push(...interruptions),
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve()
        })
        server.closeAllConnections()
      }),
  }
}

function answer(state: State, request: IncomingMessage, body: Record<string, unknown>): Answer {
  const line = `${request.method ?? ""} ${request.url ?? ""}`
  state.requests.push(line)
  const interruption = takeInterruption(state.interruptions, line, false)
  if (interruption !== undefined) return interruption
  const normal = answerNormally(state, request, body)
  return takeInterruption(state.interruptions, line, true) ?? normal
}

function answerNormally(state: State, request: IncomingMessage, body: Record<string, unknown>): Answer {
  const { options } = state
  if (request.headers.authorization !== `Bearer ${options.token}`) return refuse(401, "Bad credentials")
  const url = new URL(request.url ?? "", `http://${request.headers.host ?? ""}`)
  const { forge } = options
  const known = forge && answerGithubIssues({ ...forge, owner: options.owner.login }, request.method ?? "", url, body)
  if (known !== undefined) return known
  if (url.pathname === "/user") {
    if (options.login === undefined) return refuse(403, "Resource not accessible by integration")
    return { status: 200, body: { login: options.login, type: "User" } }
  }
  if (url.pathname === `/users/${options.owner.login}`) return { status: 200, body: options.owner }
  return answerPackage(state, request.method ?? "", url)
}

function answerPackage(state: State, method: string, url: URL): Answer {
  const match = /^\/(orgs\/[^/]+|users\/[^/]+|user)\/packages\/container\/([^/]+)\/versions(?:\/(\d+))?$/.exec(
    url.pathname,
  )
  const [, scope = "", encoded = "", id] = match ?? []
  const name = decodeURIComponent(encoded)
  const versions = state.packages.get(name)
  if (versions === undefined || !ownsScope(state, scope)) return refuse(404, "Package not found.")
  if (method === "GET" && id === undefined) return list(state, versions, url)
  return method === "DELETE" && id !== undefined ? remove(state, name, versions, Number(id)) : refuse(404, "Not Found")
}

function ownsScope({ options: { owner, login } }: State, scope: string): boolean {
  if (scope === "user") return login === owner.login && owner.type === "User"
  return scope === `${owner.type === "User" ? "users" : "orgs"}/${owner.login}`
}

function list({ options }: State, versions: readonly FakeVersion[], url: URL): Answer {
  const size = Math.min(Number(url.searchParams.get("per_page") ?? 30), 100)
  const page = Number(url.searchParams.get("page") ?? 1)
  const body = versions.slice((page - 1) * size, page * size).map(({ id, digest, tags }) => ({
    id,
    name: digest,
    url: `${url.origin}/versions/${id}`,
    created_at: "2026-11-01T00:00:00Z",
    metadata: { package_type: "container", container: { tags } },
  }))
  if (page * size >= versions.length) return { status: 200, body }
  const next = `${options.linkOrigin ?? url.origin}${url.pathname}?per_page=${size}&page=${page + 1}`
  return { status: 200, body, headers: { link: `<${next}>; rel="next", <${next}>; rel="last"` } }
}

function remove({ options, packages }: State, name: string, versions: FakeVersion[], id: number): Answer {
  if (options.refuseDelete === 403) return refuse(403, "You need at least delete:packages scope to delete a package.")
  const version = versions.find((candidate) => candidate.id === id)
  if (version === undefined || options.refuseDelete === 404) return refuse(404, "Package not found.")
  if (options.downloaded?.includes(id) === true) {
    const kept = "Publicly visible package versions with more than 5000 downloads cannot be deleted."
    return refuse(400, `${kept} Contact GitHub support for further assistance.`)
  }
  const rest = versions.filter((candidate) => candidate !== version)
  if (version.tags.length > 0 && rest.every(({ tags }) => tags.length === 0)) {
    return refuse(400, "You cannot delete the last tagged version of a package. You must delete the package instead.")
  }
  packages.set(name, rest)
  return { status: 204 }
}

function refuse(status: number, message: string): Answer {
  return {
    status,
    body: { message, documentation_url: "https://docs.github.com/rest/packages/packages", status: `${status}` },
  }
}

function send(response: ServerResponse, { status, body, headers = {} }: Answer): void {
  const text = body === undefined ? "" : typeof body === "string" ? body : JSON.stringify(body)
  response.writeHead(status, {
    ...(text === "" ? {} : { "content-type": "application/json; charset=utf-8" }),
    ...headers,
  })
  response.end(text)
}
