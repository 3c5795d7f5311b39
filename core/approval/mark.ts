// What we note in our own issues and comments, unseen, on their first line. It is believed only where the token's own
// account wrote it and nobody edited it; and what it says of an image is a claim that the gate confirms.
import { z } from "zod"
import { digestSchema } from "../oci/document-parts.js"
import type { Immutable } from "../oci/immutable.js"
import { maxIds } from "./command.js"
import type { Account, Comment, Issue } from "./forge.js"

const key = z.string().min(1).max(1000)
const time = z.string().max(40)
const markSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("issue"), key }),
  /** What is asked: may this digest pass, which these ids block? `actor` ran the run that asks. */
  z.object({
    ...{ kind: z.literal("request"), key, digest: digestSchema, ids: digestSchema },
    actor: z.string().max(200),
    asked: time,
  }),
  z.object({
    ...{ kind: z.literal("approved"), key, digest: digestSchema, comment: z.int() },
    cves: z.array(z.string().max(256)).max(maxIds),
    until: time,
  }),
  z.object({ kind: z.literal("denied"), key, digest: digestSchema, ids: digestSchema, comment: z.int() }),
  z.object({ kind: z.literal("refused"), key, comment: z.int() }),
  /** A word about what happened, which decides nothing. */
  z.object({ kind: z.literal("note"), key }),
])
export type Mark = Immutable<z.infer<typeof markSchema>>
export type Marked<Kind extends Mark["kind"] = Mark["kind"]> = Extract<Mark, { kind: Kind }> & { readonly at: string }

const maxLength = 60_000
// Base64 has no "-": nothing in it can end an HTML comment.
const pattern = /^<!-- cssc:v1 ([A-Za-z0-9+/=]+) -->\s*(?:\n|$)/

export function writeMark(mark: Mark): string {
  return `<!-- cssc:v1 ${Buffer.from(JSON.stringify(mark)).toString("base64")} -->`
}

/** The mark on the first line; a copy of one anywhere else is text. */
export function readMark(body: string): Mark | undefined {
  const encoded = pattern.exec(body.slice(0, maxLength))?.[1]
  if (encoded === undefined) return undefined
  try {
    return markSchema.safeParse(JSON.parse(Buffer.from(encoded, "base64").toString("utf8"))).data
  } catch {
    return undefined
  }
}

/** What we noted in an issue's comments, oldest first: ours, unedited, and about this key. */
export function marksOf(comments: readonly Comment[], self: Account, key: string): readonly Marked[] {
  return ours(comments, self)
    .filter((comment) => !isEdited(comment))
    .toSorted((a, b) => Date.parse(a.createdAt) - Date.parse(b.createdAt) || a.id - b.id)
    .flatMap(({ body, createdAt }) => {
      const mark = readMark(body)
      return mark === undefined || mark.key !== key ? [] : [{ ...mark, at: createdAt }]
    })
}

/** Whether somebody edited a comment of ours that is not older than a mark: what it said would come after it. */
export function isTampered(comments: readonly Comment[], self: Account, since: Marked): boolean {
  const from = Date.parse(since.at)
  return ours(comments, self).some((comment) => isEdited(comment) && !(Date.parse(comment.createdAt) < from))
}

export function isEdited({ createdAt, updatedAt }: Pick<Comment, "createdAt" | "updatedAt">): boolean {
  return createdAt !== updatedAt
}

function ours(comments: readonly Comment[], self: Account): readonly Comment[] {
  return comments.filter(({ author }) => author?.id === self.id)
}

/** The key of an issue of ours. */
export function keyOf({ author, body }: Issue, self: Account): string | undefined {
  const mark = author?.id === self.id ? readMark(body) : undefined
  return mark?.kind === "issue" ? mark.key : undefined
}
