// What an approver writes: one line, of one form, and nothing beside it. Whatever else a comment says, it is no approval.
import { expiryOf } from "../policy/document/expiry.js"
import { isBlank, nameProblem } from "../policy/document/visible-text.js"
import { isVulnerabilityId } from "../policy/exceptions/vulnerability-id.js"

export type Command =
  | { readonly kind: "approve"; readonly cves: readonly string[]; readonly until: string; readonly reason: string }
  | { readonly kind: "deny"; readonly reason: string }

/** `problem` is for the person who wrote it; it quotes nothing of the comment. */
export type Parsed = { readonly command: Command } | { readonly problem: string } | { readonly none: true }

const maxLength = 8000
const maxReason = 500
export const maxIds = 200

// GitLab has a quick action `/approve` of its own, which it takes out of a comment: `/cssc approve` is nobody else's.
// https://docs.gitlab.com/user/project/quick_actions/
const start = /^\/(?:cssc )?(approve|deny)(?: |$)/
const approve = /^\/(?:cssc )?approve ([^ ]+(?: [^ ]+)*?) until (\d{4}-\d{2}-\d{2}) because (.+)$/
const deny = /^\/(?:cssc )?deny because (.+)$/

/** How each is written, for texts. */
export const approveForm = "/cssc approve CVE-… [CVE-…] until YYYY-MM-DD because …"
export const denyForm = "/cssc deny because …"

/** Reads a comment; `none` when it does not even begin as a command. */
export function parseCommand(body: string): Parsed {
  const text = body.trim()
  const kind = start.exec(text.slice(0, 100).split(/[\r\n]/)[0] ?? "")?.[1]
  if (kind === undefined) return { none: true }
  if (text.length > maxLength) return { problem: `the comment is longer than ${maxLength} characters` }
  if (/[\r\n\u2028\u2029]/.test(text)) return { problem: "the comment has more than one line: write the command alone" }
  if (nameProblem(text) !== undefined) return { problem: "the comment has a character that cannot be seen" }
  return kind === "approve" ? readApprove(text) : readDeny(text)
}

function readApprove(text: string): Parsed {
  const [, list, until = "", reason = ""] = approve.exec(text) ?? []
  if (list === undefined) return { problem: `it is not of the form \`${approveForm}\`` }
  const cves = [...new Set(list.split(" "))]
  if (cves.length > maxIds) return { problem: `it names more than ${maxIds} vulnerabilities` }
  if (!cves.every(isVulnerabilityId)) return { problem: "it names something that is no id of a vulnerability" }
  if (expiryOf(until) === undefined) return { problem: "its end is not a day of the calendar" }
  return reasoned(reason) ?? { command: { kind: "approve", cves, until, reason: reason.trim() } }
}

function readDeny(text: string): Parsed {
  const [, reason] = deny.exec(text) ?? []
  if (reason === undefined) return { problem: `it is not of the form \`${denyForm}\`` }
  return reasoned(reason) ?? { command: { kind: "deny", reason: reason.trim() } }
}

function reasoned(reason: string): Parsed | undefined {
  if (isBlank(reason)) return { problem: "it has no reason" }
  return reason.length > maxReason ? { problem: `its reason is longer than ${maxReason} characters` } : undefined
}
