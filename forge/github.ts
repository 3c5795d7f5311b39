// GitHub's issues, comments and roles. https://docs.github.com/en/rest/issues?apiVersion=2022-11-28
import type { Account, Forge, Issue, IssueChange, Role } from "../core/approval/forge.js"
import { allLabels } from "../core/approval/forge.js"
import { CsscError } from "../core/errors.js"
import { type ForgeClient, forgeClient, type ForgeOptions, isForbidden, isMissing, pageSize } from "./forge-client.js"
import {
  commentSchema,
  commentsSchema,
  issueSchema,
  issuesSchema,
  permissionSchema,
  userSchema,
  viewerSchema,
} from "./github-schema.js"
import { once } from "./once.js"

const projectPattern = /^[A-Za-z0-9][A-Za-z0-9_-]{0,99}\/(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}$/

/** `project` is owner/repo; `apiUrl` is for GitHub Enterprise: https://host/api/v3. */
export function github({ project, token, apiUrl = "https://api.github.com", ...http }: ForgeOptions): Forge {
  if (!projectPattern.test(project))
    throw new CsscError("ARGUMENT_INVALID", `the project "${project.slice(0, 200)}" is not owner/repository`)
  const headers = { accept: "application/vnd.github+json", "x-github-api-version": "2022-11-28" }
  const client = forgeClient({ ...http, baseUrl: apiUrl, token: () => token, headers })
  const issues = `repos/${project}/issues`
  const self = once(() => whoAmI(client, apiUrl))
  const ownIssues = async () => listIssues(client, issues, await self())
  const comments: Forge["comments"] = (issue) =>
    client.list(commentsSchema, `${issues}/${issue}/comments?per_page=${pageSize}`)
  const say: Forge["say"] = async (issue, body) => {
    await client.post(commentSchema, `${issues}/${issue}/comments`, { body }, async () =>
      (await comments(issue)).find((comment) => firstLine(comment.body) === firstLine(body)),
    )
  }
  return {
    kind: "github",
    self,
    ownIssues,
    comments,
    issue: (number) => client.get(issueSchema, `${issues}/${number}`),
    comment: (_issue, id) => client.get(commentSchema, `${issues}/comments/${id}`),
    openIssue: ({ title, body, label }) =>
      client.post(issueSchema, issues, { title, body, labels: [label] }, async () =>
        (await ownIssues()).find((issue) => firstLine(issue.body) === firstLine(body)),
      ),
    async changeIssue(issue, change) {
      await client.send("PATCH", issueSchema, `${issues}/${issue.number}`, changeOf(issue, change))
    },
    say,
    role: (account) => roleOf(client, project, account),
    // A pull request is an issue there.
    notes: comments,
    async note(request, body, replaced) {
      if (replaced === undefined) await say(request, body)
      else await client.send("PATCH", commentSchema, `${issues}/comments/${replaced}`, { body })
    },
  }
}

// A workflow's token has no user, and says who it is only here.
async function whoAmI(client: ForgeClient, apiUrl: string): Promise<Account> {
  try {
    return await client.get(userSchema, "user")
  } catch (error) {
    if (!isForbidden(error)) throw error
  }
  const base = new URL(apiUrl)
  const path = base.pathname.replace(/\/+$/, "").replace(/\/v3$/, "")
  const query = "query { viewer { login } }"
  const { data } = await client.send("POST", viewerSchema, `${base.origin}${path}/graphql`, { query })
  // The id that issues and comments name.
  return client.get(userSchema, `users/${encodeURIComponent(data.viewer.login)}`)
}

// Pull requests are issues there too, and never ours.
async function listIssues(client: ForgeClient, issues: string, self: Account): Promise<readonly Issue[]> {
  const query = `creator=${encodeURIComponent(self.name)}&state=all&sort=created&direction=asc&per_page=${pageSize}`
  const found = await client.list(issuesSchema, `${issues}?${query}`)
  return found.filter((issue) => !issue.pull && issue.author?.id === self.id)
}

function changeOf({ labels }: Issue, { open, label, ...texts }: IssueChange) {
  const others = labels.filter((name) => !allLabels.includes(name))
  return {
    ...texts,
    ...(open === undefined ? {} : { state: open ? "open" : "closed" }),
    ...(label === undefined ? {} : { labels: [...others, label] }),
  }
}

async function roleOf(client: ForgeClient, project: string, { id, name }: Account): Promise<Role> {
  const path = `repos/${project}/collaborators/${encodeURIComponent(name)}/permission`
  const answer = await client.get(permissionSchema, path).catch((error: unknown) => {
    if (isMissing(error)) return undefined
    throw error
  })
  // A name that changed hands is somebody else.
  if (answer?.user?.id !== id) return "less"
  if (answer.permission === "admin") return "admin"
  return answer.user.permissions?.maintain === true || answer.role_name === "maintain" ? "maintain" : "less"
}

function firstLine(text: string): string {
  return text.split("\n")[0] ?? ""
}
