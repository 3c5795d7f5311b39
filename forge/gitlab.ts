// GitLab's issues, notes and members. https://docs.gitlab.com/api/issues/
import type { Account, Comment, Forge, Issue, IssueChange, Role } from "../core/approval/forge.js"
import { allLabels } from "../core/approval/forge.js"
import { CsscError } from "../core/errors.js"
import { type ForgeClient, forgeClient, type ForgeOptions, isMissing, pageSize } from "./forge-client.js"
import {
  accountSchema,
  issueSchema,
  issuesSchema,
  memberSchema,
  type Note,
  noteSchema,
  notesSchema,
} from "./gitlab-schema.js"
import { once } from "./once.js"

const projectPattern = /^[A-Za-z0-9_][A-Za-z0-9._-]*(?:\/[A-Za-z0-9_][A-Za-z0-9._-]*){1,20}$/
/** https://docs.gitlab.com/api/members/#roles */
const maintainer = 40
const owner = 50

/** `project` is group/project; `apiUrl` is https://host/api/v4. */
export function gitlab({ project, token, apiUrl = "https://gitlab.com/api/v4", ...http }: ForgeOptions): Forge {
  if (!projectPattern.test(project) || project.length > 500)
    throw new CsscError("ARGUMENT_INVALID", `the project "${project.slice(0, 200)}" is not group/project`)
  const client = forgeClient({ ...http, baseUrl: apiUrl, token: () => token })
  const root = `projects/${encodeURIComponent(project)}`
  const issues = `${root}/issues`
  const self = once(async () => accountOf(await client.get(accountSchema, "user")))
  const ownIssues = async () => listIssues(client, issues, await self())
  const requests = `${root}/merge_requests`
  const comments: Forge["comments"] = (issue) => listNotes(client, issues, issue)
  return {
    kind: "gitlab",
    self,
    ownIssues,
    comments,
    issue: (number) => client.get(issueSchema, `${issues}/${number}`),
    async comment(issue, id) {
      const note = await client.get(noteSchema, `${issues}/${issue}/notes/${id}`)
      const author = note.author === null ? undefined : await client.get(accountSchema, `users/${note.author.id}`)
      const { url } = await client.get(issueSchema, `${issues}/${issue}`)
      return { ...commentOf(note, issue, author?.bot !== false), url: `${url}#note_${id}` }
    },
    openIssue: ({ title, body, label }) =>
      client.post(issueSchema, issues, { title, description: body, labels: label }, async () =>
        (await ownIssues()).find((issue) => firstLine(issue.body) === firstLine(body)),
      ),
    async changeIssue(issue, change) {
      await client.send("PUT", issueSchema, `${issues}/${issue.number}`, changeOf(issue, change))
    },
    say: (issue, body) => sayThere(client, issues, issue, body),
    role: ({ id }) => roleOf(client, root, id),
    notes: (request) => listNotes(client, requests, request),
    async note(request, body, replaced) {
      if (replaced === undefined) return sayThere(client, requests, request, body)
      await client.send("PUT", noteSchema, `${requests}/${request}/notes/${replaced}`, { body })
    },
  }
}

// Of an issue or of a merge request: `list` is the path of all of its kind.
async function listNotes(client: ForgeClient, list: string, number: number): Promise<readonly Comment[]> {
  const query = `sort=asc&order_by=created_at&per_page=${pageSize}`
  const notes = await client.list(notesSchema, `${list}/${number}/notes?${query}`)
  return notes.filter(({ system }) => !system).map((note) => commentOf(note, number, false))
}

async function sayThere(client: ForgeClient, list: string, number: number, body: string): Promise<void> {
  const schema = noteSchema.transform((note) => commentOf(note, number, false))
  const done = async () =>
    (await listNotes(client, list, number)).find((one) => firstLine(one.body) === firstLine(body))
  await client.post(schema, `${list}/${number}/notes`, { body }, done)
}

async function listIssues(client: ForgeClient, issues: string, self: Account): Promise<readonly Issue[]> {
  const query = `author_id=${self.id}&scope=all&state=all&order_by=created_at&sort=asc&per_page=${pageSize}`
  const found = await client.list(issuesSchema, `${issues}?${query}`)
  return found.filter((issue) => issue.author?.id === self.id)
}

function changeOf({ open: isOpen }: Issue, { title, body, open, label }: IssueChange) {
  return {
    ...(title === undefined ? {} : { title }),
    ...(body === undefined ? {} : { description: body }),
    ...(open === undefined || open === isOpen ? {} : { state_event: open ? "reopen" : "close" }),
    ...(label === undefined
      ? {}
      : { add_labels: label, remove_labels: allLabels.filter((name) => name !== label).join(",") }),
  }
}

async function roleOf(client: ForgeClient, root: string, id: number): Promise<Role> {
  const member = await client.get(memberSchema, `${root}/members/all/${id}`).catch((error: unknown) => {
    if (isMissing(error)) return undefined
    throw error
  })
  if (member === undefined || member.id !== id || member.state !== "active") return "less"
  if ((member.membership_state ?? "active") !== "active") return "less"
  if (member.access_level >= owner) return "admin"
  return member.access_level >= maintainer ? "maintain" : "less"
}

function commentOf(note: Note, issue: number, bot: boolean): Comment {
  const isHere = note.noteable_type === "Issue" && (note.noteable_iid ?? issue) === issue
  return {
    id: note.id,
    issue: isHere ? issue : 0,
    ...(note.author === null ? {} : { author: accountOf(note.author) }),
    automatic: note.system || bot,
    body: note.body,
    createdAt: note.created_at,
    updatedAt: note.updated_at,
    url: "",
  }
}

function accountOf({ id, username }: { readonly id: number; readonly username: string }): Account {
  return { id, name: username }
}

function firstLine(text: string): string {
  return text.split("\n")[0] ?? ""
}
