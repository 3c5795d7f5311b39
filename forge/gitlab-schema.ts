// What is read of GitLab's answers: https://docs.gitlab.com/api/notes/ and https://docs.gitlab.com/api/members/
import { z } from "zod"
import type { Issue } from "../core/approval/forge.js"

const name = z.string().min(1).max(255)
const time = z.iso.datetime({ offset: true })
const rawUser = z.looseObject({ id: z.int().positive(), username: name })

export const accountSchema = rawUser.extend({ bot: z.boolean().optional() })

export const issueSchema = z
  .looseObject({
    iid: z.int().positive(),
    author: rawUser.nullable(),
    title: z.string().max(1000),
    description: z.string().max(2_000_000).nullable(),
    state: z.enum(["opened", "closed"]),
    labels: z.array(z.string()).max(1000),
    web_url: z.url().max(1000),
  })
  .transform(({ iid, author, title, description, state, labels, web_url }): Issue => ({
    number: iid,
    ...(author === null ? {} : { author: { id: author.id, name: author.username } }),
    title,
    body: description ?? "",
    open: state === "opened",
    labels,
    url: web_url,
  }))
export const issuesSchema = z.array(issueSchema).max(100)

export const noteSchema = z.looseObject({
  id: z.int().positive(),
  body: z.string().max(2_000_000),
  author: rawUser.nullable(),
  created_at: time,
  updated_at: time,
  system: z.boolean(),
  noteable_type: z.string().max(100),
  noteable_iid: z.int().nullish(),
})
export type Note = z.infer<typeof noteSchema>
export const notesSchema = z.array(noteSchema).max(100)

export const memberSchema = z.looseObject({
  id: z.int().positive(),
  state: name,
  membership_state: name.optional(),
  access_level: z.int(),
})
