// A local server that answers as GitLab's REST v4 is documented to: issues, notes, members, users.
// https://docs.gitlab.com/api/issues/ https://docs.gitlab.com/api/notes/ https://docs.gitlab.com/api/members/
import { createServer, type IncomingMessage } from "node:http"
import { type AddressInfo } from "node:net"
import type { Answer, ForgeStore, Interruption, Person, StoredComment, StoredIssue } from "./forge-store.js"
import { pageOf, readJsonBody, takeInterruption } from "./forge-store.js"

export type FakeGitlab = {
  /** With the version: what `apiUrl` takes. */
  readonly url: string
  readonly requests: readonly string[]
  interrupt(...interruptions: readonly Interruption[]): void
  close(): Promise<void>
}

type At = { readonly store: ForgeStore; readonly self: string; readonly token: string }
type Body = Readonly<Record<string, unknown>>
const root = "/api/v4/projects/acme%2Fapp"
const levels = { read: 10, triage: 20, write: 30, maintain: 40, admin: 50 }

export async function startFakeGitlab(at: At): Promise<FakeGitlab> {
  const requests: string[] = []
  const interruptions: Interruption[] = []
  const server = createServer((request, response) => {
    void readJsonBody(request).then((body) => {
      const line = `${request.method ?? ""} ${request.url ?? ""}`
      requests.push(line)
      const before = takeInterruption(interruptions, line, false)
      const normal = before ?? answer(at, request, body)
      const { status, body: text, headers } = takeInterruption(interruptions, line, true) ?? normal
      response.writeHead(status, { "content-type": "application/json", ...headers })
      response.end(text === undefined ? "" : JSON.stringify(text))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v4`,
    requests,
    interrupt: (...more) => void interruptions.push(...more),
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve()
        })
        server.closeAllConnections()
      }),
  }
}

function answer({ store, self, token }: At, request: IncomingMessage, body: Body): Answer {
  if (request.headers.authorization !== `Bearer ${token}`) return refuse(401, "401 Unauthorized")
  const url = new URL(request.url ?? "", `http://${request.headers.host ?? ""}`)
  const method = request.method ?? ""
  if (url.pathname === "/api/v4/user") return { status: 200, body: userOf(store.person(self)) }
  const user = /^\/api\/v4\/users\/(\d+)$/.exec(url.pathname)?.[1]
  if (user !== undefined)
    return maybe(
      store.people.find(({ id }) => id === Number(user)),
      (one) => ({ ...userOf(one) }),
    )
  if (!url.pathname.startsWith(`${root}/`)) return refuse(404, "404 Project Not Found")
  const path = url.pathname.slice(root.length + 1)
  const member = /^members\/all\/(\d+)$/.exec(path)?.[1]
  if (member !== undefined) return memberOf(store, Number(member))
  const merge = /^merge_requests\/(\d+)\/notes(?:\/(\d+))?$/.exec(path)
  if (merge !== null) return mergeNotes({ store, self, token }, method, merge, url, body)
  const [, number, notes, note] = /^issues(?:\/(\d+)(\/notes)?(?:\/(\d+))?)?$/.exec(path) ?? []
  if (number === undefined) return issues({ store, self, token }, method, url, body)
  const issue = store.issues.find((one) => one.number === Number(number))
  if (issue === undefined) return refuse(404, "404 Not found")
  const mine = store.comments.filter((one) => one.issue === issue.number && one.onMerge !== true)
  if (note !== undefined)
    return maybe(
      mine.find(({ id }) => id === Number(note)),
      noteOf,
    )
  if (notes !== undefined && method === "GET") return pageOf(mine.map(noteOf), url)
  if (notes !== undefined)
    return { status: 201, body: noteOf(store.comment(store.person(self), issue.number, String(body["body"]))) }
  if (method === "PUT") change(issue, body)
  return { status: 200, body: issueOf(issue, url) }
}

function mergeNotes({ store, self }: At, method: string, [, number, note]: RegExpExecArray, url: URL, body: Body) {
  const all = store.comments.filter((one) => one.onMerge === true && one.issue === Number(number))
  if (method === "GET") return pageOf(all.map(noteOf), url)
  if (note !== undefined) store.edit(Number(note), String(body["body"]))
  const changed = all.find(({ id }) => id === Number(note))
  const written = changed ?? store.comment(store.person(self), Number(number), String(body["body"]), { onMerge: true })
  return { status: note === undefined ? 201 : 200, body: noteOf(written) }
}

function issues({ store, self }: At, method: string, url: URL, body: Body): Answer {
  if (method === "GET") {
    const author = Number(url.searchParams.get("author_id"))
    const found = store.issues.filter((issue) => issue.author.id === author)
    return pageOf(
      found.map((issue) => issueOf(issue, url)),
      url,
    )
  }
  const { title, description, labels } = body as { title: string; description: string; labels: string }
  return { status: 201, body: issueOf(store.open(store.person(self), title, description, labels.split(",")), url) }
}

function change(issue: StoredIssue, body: Body): void {
  const { title, description, state_event, add_labels, remove_labels } = body
  if (typeof title === "string") issue.title = title
  if (typeof description === "string") issue.body = description
  if (state_event !== undefined) issue.open = state_event === "reopen"
  const removed = typeof remove_labels === "string" ? remove_labels.split(",") : []
  const added = typeof add_labels === "string" ? add_labels.split(",") : []
  issue.labels = [...new Set([...issue.labels.filter((label) => !removed.includes(label)), ...added])]
}

function memberOf(store: ForgeStore, wanted: number): Answer {
  const found = store.people.find(({ id, role }) => id === wanted && role !== undefined)
  return maybe(found, (person) => ({
    ...{ ...userOf(person), access_level: levels[person.role ?? "read"], membership_state: "active" },
    expires_at: null,
  }))
}

function maybe<T>(found: T | undefined, body: (found: T) => unknown): Answer {
  return found === undefined ? refuse(404, "404 Not found") : { status: 200, body: body(found) }
}

function issueOf({ number, author, title, body, labels, open }: StoredIssue, url: URL) {
  return {
    ...{ id: 7000 + number, iid: number, project_id: 3, title, description: body, labels },
    ...{ state: open ? "opened" : "closed", author: userOf(author), confidential: false },
    web_url: `${url.origin}/acme/app/-/issues/${number}`,
  }
}

function noteOf({ id, issue, author, body, createdAt, updatedAt, onMerge }: StoredComment) {
  return {
    ...{ id, type: null, body, author: userOf(author), created_at: createdAt, updated_at: updatedAt },
    ...{
      system: false,
      noteable_id: 7000 + issue,
      noteable_type: onMerge === true ? "MergeRequest" : "Issue",
      noteable_iid: issue,
      internal: false,
    },
  }
}

function userOf({ id, name, bot = false, blocked = false }: Person) {
  return {
    id,
    username: name,
    name,
    state: blocked ? "blocked" : "active",
    web_url: `https://gitlab.example/${name}`,
    bot,
  }
}

function refuse(status: number, message: string): Answer {
  return { status, body: { message } }
}
