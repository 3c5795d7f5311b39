// What a pretended forge holds: people, issues, comments. Its clock goes on by two seconds with every write, so that
// what is told apart by time can be told apart.
import { type IncomingMessage } from "node:http"

export type Person = {
  readonly id: number
  readonly name: string
  readonly bot?: boolean
  /** Of an account that may not log in any more. */
  readonly blocked?: boolean
  /** What they may do in the project, in GitHub's words; nobody is a member without one. */
  readonly role?: "admin" | "maintain" | "write" | "triage" | "read"
}
export type StoredIssue = {
  readonly number: number
  readonly author: Person
  title: string
  body: string
  labels: string[]
  open: boolean
  /** A pull request, which GitHub lists among the issues. */
  pull?: boolean
}
export type StoredComment = {
  readonly id: number
  readonly issue: number
  readonly author: Person
  body: string
  readonly createdAt: string
  updatedAt: string
  /** Written through an app in the author's name. */
  readonly app?: boolean
  /** On a merge request of GitLab, which are numbered for themselves. */
  readonly onMerge?: boolean
}
type More = Pick<StoredComment, "app" | "onMerge">

/** An answer instead of the normal one, once; `after` gives it when the work was done. */
export type Interruption = {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
  /** Of `METHOD /path?query`; without it the next request. */
  readonly match?: RegExp
  readonly after?: boolean
}
export type Answer = {
  readonly status: number
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

export class ForgeStore {
  readonly issues: StoredIssue[] = []
  readonly comments: StoredComment[] = []
  now = Date.parse("2026-11-26T00:00:00Z")

  constructor(readonly people: readonly Person[]) {}

  person(name: string): Person {
    const found = this.people.find((one) => one.name === name)
    if (found === undefined) throw new Error(`nobody is called ${name}`)
    return found
  }

  open(author: Person, title: string, body: string, labels: readonly string[]): StoredIssue {
    this.tick()
    const issue = { number: this.issues.length + 1, author, title, body, labels: [...labels], open: true }
    this.issues.push(issue)
    return issue
  }

  /** A comment as a person writes it; returns its id. */
  write(author: string, issue: number, body: string, more: More = {}): number {
    return this.comment(this.person(author), issue, body, more).id
  }

  comment(author: Person, issue: number, body: string, more: More = {}): StoredComment {
    const at = this.tick()
    const comment = { id: 900 + this.comments.length, issue, author, body, createdAt: at, updatedAt: at, ...more }
    this.comments.push(comment)
    return comment
  }

  edit(id: number, body: string): void {
    const comment = this.comments.find((one) => one.id === id)
    if (comment !== undefined) Object.assign(comment, { body, updatedAt: this.tick() })
  }

  bodiesOf(author: string, issue: number): readonly string[] {
    return this.comments.filter((one) => one.issue === issue && one.author.name === author).map(({ body }) => body)
  }

  private tick(): string {
    this.now += 2000
    return new Date(this.now).toISOString().replace(".000Z", "Z")
  }
}

/** The interruption that is meant for a request, taken off the list. */
export function takeInterruption(list: Interruption[], request: string, after: boolean): Interruption | undefined {
  const place = list.findIndex(({ match, after: late = false }) => late === after && match?.test(request) !== false)
  return place === -1 ? undefined : list.splice(place, 1)[0]
}

export async function readJsonBody(request: IncomingMessage): Promise<Record<string, unknown>> {
  let text = ""
  for await (const chunk of request) text += String(chunk)
  return text === "" ? {} : JSON.parse(text)
}

/** One page, and the `Link` header to the next. */
export function pageOf(all: readonly unknown[], url: URL): Answer {
  const size = Math.min(Number(url.searchParams.get("per_page") ?? 30), 100)
  const page = Number(url.searchParams.get("page") ?? 1)
  const body = all.slice((page - 1) * size, page * size)
  if (page * size >= all.length) return { status: 200, body }
  const next = new URL(url)
  next.searchParams.set("page", String(page + 1))
  return { status: 200, body, headers: { link: `<${next.href}>; rel="next"` } }
}
