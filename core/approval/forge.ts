// What approvals need of a forge, GitHub or GitLab: issues, comments and roles. What it answers about people is asked of
// its API, never taken from an event or from a text.

/** `id` is the forge's own number: a name can be given away, and taken by somebody else. */
export type Account = { readonly id: number; readonly name: string }

export type Issue = {
  readonly number: number
  /** Nobody, when the account was deleted. */
  readonly author?: Account
  readonly title: string
  readonly body: string
  readonly labels: readonly string[]
  readonly open: boolean
  readonly url: string
}

export type Comment = {
  readonly id: number
  readonly issue: number
  readonly author?: Account
  /** Written by a program: a bot's account, an app in somebody's name, or the forge itself. */
  readonly automatic: boolean
  readonly body: string
  /** As the forge writes them; they differ when the comment was edited. */
  readonly createdAt: string
  readonly updatedAt: string
  readonly url: string
}

/** What somebody may do in the project; `less` is everything below. */
export type Role = "admin" | "maintain" | "less"

export type NewIssue = { readonly title: string; readonly body: string; readonly label: string }
export type IssueChange = {
  readonly title?: string
  readonly body?: string
  readonly open?: boolean
  /** The one of our labels that it shall have; others' labels stay. */
  readonly label?: string
}

export interface Forge {
  readonly kind: "github" | "gitlab"
  /** Whom the token acts as. */
  self(): Promise<Account>
  /** Every issue, open or closed, that this account wrote. */
  ownIssues(): Promise<readonly Issue[]>
  issue(number: number): Promise<Issue>
  comments(issue: number): Promise<readonly Comment[]>
  comment(issue: number, id: number): Promise<Comment>
  /** Opens an issue once: what may have been opened by an attempt without an answer is looked for first. */
  openIssue(issue: NewIssue): Promise<Issue>
  changeIssue(issue: Issue, change: IssueChange): Promise<void>
  /** Comments once, as above. */
  say(issue: number, body: string): Promise<void>
  role(account: Account): Promise<Role>
  /** The comments on a merge request, or pull request, oldest first. */
  notes(request: number): Promise<readonly Comment[]>
  /** Comments there once; or writes another text into the comment of ours with this id. */
  note(request: number, body: string, replaced?: number): Promise<void>
}

/** The labels that tell where an approval stands; no issue has two of them. */
export const labels = {
  pending: "promotion-pending",
  approved: "promotion-approved",
  denied: "promotion-denied",
} as const
export const allLabels: readonly string[] = Object.values(labels)
