// What is read of GitHub's answers: https://docs.github.com/en/rest/issues?apiVersion=2022-11-28
import { z } from "zod"
import type { Account, Comment, Issue } from "../core/approval/forge.js"

const name = z.string().min(1).max(200)
const time = z.iso.datetime({ offset: true })
const rawUser = z.looseObject({ id: z.int().positive(), login: name, type: name })

export const userSchema = rawUser.transform(({ id, login }): Account => ({ id, name: login }))

export const viewerSchema = z.looseObject({
  data: z.looseObject({ viewer: z.looseObject({ login: name }) }),
})

export const issueSchema = z
  .looseObject({
    number: z.int().positive(),
    user: rawUser.nullable(),
    title: z.string().max(1000),
    body: z.string().max(300_000).nullish(),
    state: z.enum(["open", "closed"]),
    labels: z.array(z.union([z.string(), z.looseObject({ name: z.string().nullish() })])).max(1000),
    html_url: z.url().max(1000),
    pull_request: z.unknown().optional(),
  })
  .transform(({ number, user, title, body, state, labels, html_url, pull_request }): Issue & { pull: boolean } => ({
    number,
    ...(user === null ? {} : { author: { id: user.id, name: user.login } }),
    title,
    body: body ?? "",
    open: state === "open",
    labels: labels.map((label) => (typeof label === "string" ? label : (label.name ?? ""))),
    url: html_url,
    pull: pull_request !== undefined,
  }))
export const issuesSchema = z.array(issueSchema).max(100)

export const commentSchema = z
  .looseObject({
    id: z.int().positive(),
    user: rawUser.nullable(),
    body: z.string().max(300_000),
    created_at: time,
    updated_at: time,
    html_url: z.url().max(1000),
    issue_url: z.url().max(1000),
    performed_via_github_app: z.unknown().optional(),
  })
  .transform(({ id, user, body, created_at, updated_at, html_url, issue_url, performed_via_github_app }): Comment => ({
    id,
    issue: Number(/\/issues\/(\d{1,15})$/.exec(issue_url)?.[1] ?? 0),
    ...(user === null ? {} : { author: { id: user.id, name: user.login } }),
    automatic: user?.type !== "User" || (performed_via_github_app ?? null) !== null,
    body,
    createdAt: created_at,
    updatedAt: updated_at,
    url: html_url,
  }))
export const commentsSchema = z.array(commentSchema).max(100)

export const permissionSchema = z.looseObject({
  permission: name,
  role_name: name.optional(),
  user: z
    .looseObject({
      id: z.int().positive(),
      permissions: z.looseObject({ maintain: z.boolean().optional() }).optional(),
    })
    .nullable(),
})
