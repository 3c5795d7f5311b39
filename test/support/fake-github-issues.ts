// GitHub's issues, comments and roles as they are recorded to answer; test/fixtures/forge has their published schemas.
import type { Answer, ForgeStore, Person, StoredComment, StoredIssue } from "./forge-store.js"
import { pageOf } from "./forge-store.js"

export type GithubIssues = { readonly store: ForgeStore; readonly self: string; readonly owner: string }
type Body = Readonly<Record<string, unknown>>

/** Undefined for what is about something else. */
export function answerGithubIssues(at: GithubIssues, method: string, url: URL, body: Body): Answer | undefined {
  const { store, owner } = at
  const self = store.person(at.self)
  if (url.pathname === "/user" && !(self.bot ?? false)) return { status: 200, body: userOf(self, url) }
  if (url.pathname === "/graphql") return { status: 200, body: { data: { viewer: { login: self.name } } } }
  const asked = store.people.find(({ name }) => url.pathname === `/users/${encodeURIComponent(name)}`)
  if (asked !== undefined) return { status: 200, body: userOf(asked, url) }
  const root = `/repos/${owner}/app/`
  if (!url.pathname.startsWith(root)) return undefined
  const path = url.pathname.slice(root.length)
  const person = /^collaborators\/([^/]+)\/permission$/.exec(path)?.[1]
  if (person !== undefined) return permission(store, decodeURIComponent(person), url)
  const comment = /^issues\/comments\/(\d+)$/.exec(path)?.[1]
  if (comment !== undefined) {
    const found = store.comments.find(({ id }) => id === Number(comment))
    if (found !== undefined && method === "PATCH") store.edit(found.id, String(body["body"]))
    return found === undefined ? notFound : { status: 200, body: commentOf(found, url, owner) }
  }
  return answerIssue(at, method, url, path, body)
}

const notFound: Answer = {
  status: 404,
  body: { message: "Not Found", documentation_url: "https://docs.github.com/rest", status: "404" },
}

function answerIssue({ store, self, owner }: GithubIssues, method: string, url: URL, path: string, body: Body) {
  const [, number, rest] = /^issues(?:\/(\d+)(\/comments)?)?$/.exec(path) ?? []
  if (number === undefined) {
    if (method === "GET")
      return pageOf(
        listed(store, url).map((issue) => issueOf(issue, url, owner)),
        url,
      )
    const { title, body: text, labels } = body as { title: string; body: string; labels: string[] }
    const opened = store.open(store.person(self), title, text, labels)
    return { status: 201, body: issueOf(opened, url, owner) }
  }
  const issue = store.issues.find((one) => one.number === Number(number))
  if (issue === undefined) return notFound
  if (rest !== undefined) {
    const mine = store.comments.filter((one) => one.issue === issue.number)
    if (method === "GET")
      return pageOf(
        mine.map((one) => commentOf(one, url, owner)),
        url,
      )
    const written = store.comment(store.person(self), issue.number, String(body["body"]))
    return { status: 201, body: commentOf(written, url, owner) }
  }
  if (method === "PATCH") change(issue, body)
  return { status: 200, body: issueOf(issue, url, owner) }
}

function listed({ issues }: ForgeStore, url: URL): readonly StoredIssue[] {
  const creator = url.searchParams.get("creator")
  const state = url.searchParams.get("state") ?? "open"
  return issues.filter(
    ({ author, open }) =>
      (creator === null || author.name === creator) && (state === "all" || (state === "open") === open),
  )
}

function change(issue: StoredIssue, body: Body): void {
  const { title, body: text, state, labels } = body
  if (typeof title === "string") issue.title = title
  if (typeof text === "string") issue.body = text
  if (state !== undefined) issue.open = state === "open"
  if (Array.isArray(labels)) issue.labels = labels.map(String)
}

function permission(store: ForgeStore, name: string, url: URL): Answer {
  const person = store.people.find((one) => one.name === name)
  if (person === undefined) return notFound
  const { role } = person
  const ranks = ["read", "triage", "write", "maintain", "admin"]
  const may = (least: string) => ranks.indexOf(role ?? "") >= ranks.indexOf(least)
  const permission = role === "maintain" ? "write" : role === "triage" ? "read" : (role ?? "read")
  const rights = { pull: may("read"), triage: may("triage"), push: may("write"), maintain: may("maintain") }
  const user = { ...userOf(person, url), permissions: { ...rights, admin: may("admin") }, role_name: role ?? "read" }
  return { status: 200, body: { permission, role_name: role ?? "read", user } }
}

function issueOf({ number, author, title, body, labels, open, pull }: StoredIssue, url: URL, owner: string) {
  const at = `${url.origin}/repos/${owner}/app/issues/${number}`
  return {
    ...{ id: 5000 + number, node_id: `I_${number}`, number, title, body, state: open ? "open" : "closed" },
    ...{ url: at, repository_url: `${url.origin}/repos/${owner}/app`, labels_url: `${at}/labels{/name}` },
    ...{
      comments_url: `${at}/comments`,
      events_url: `${at}/events`,
      html_url: `${url.origin}/${owner}/app/issues/${number}`,
    },
    user: userOf(author, url),
    ...(pull === true ? { pull_request: { url: at } } : {}),
    labels: labels.map((name, id) => ({ ...{ id, node_id: "L", url: at, name, color: "ededed" }, default: false })),
    ...{ assignee: null, assignees: [], milestone: null, comments: 0, locked: false, closed_at: null },
    ...{ created_at: "2026-11-26T00:00:00Z", updated_at: "2026-11-26T00:00:00Z", author_association: "NONE" },
  }
}

function commentOf(comment: StoredComment, url: URL, owner: string) {
  const { id, issue, author, body, createdAt, updatedAt, app } = comment
  return {
    ...{ id, node_id: `IC_${id}`, body, created_at: createdAt, updated_at: updatedAt, author_association: "NONE" },
    url: `${url.origin}/repos/${owner}/app/issues/comments/${id}`,
    html_url: `${url.origin}/${owner}/app/issues/${issue}#issuecomment-${id}`,
    issue_url: `${url.origin}/repos/${owner}/app/issues/${issue}`,
    user: userOf(author, url),
    performed_via_github_app: app === true ? { id: 1 } : null,
  }
}

function userOf({ id, name, bot = false }: Person, url: URL) {
  const at = `${url.origin}/users/${name}`
  const links = ["followers_url", "following_url", "gists_url", "starred_url", "subscriptions_url", "organizations_url"]
  const more = ["repos_url", "events_url", "received_events_url", "avatar_url", "html_url", "url"]
  return {
    ...{ id, login: name, node_id: `U_${id}`, type: bot ? "Bot" : "User", site_admin: false, gravatar_id: "" },
    ...Object.fromEntries([...links, ...more].map((link) => [link, at])),
    ...{ name: null, company: null, blog: null, location: null, email: null, hireable: null, bio: null },
    ...{ public_repos: 0, public_gists: 0, followers: 0, following: 0 },
    ...{ created_at: "2020-01-01T00:00:00Z", updated_at: "2020-01-01T00:00:00Z" },
  }
}
