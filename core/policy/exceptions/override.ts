// Granting an override: somebody with a name lets named vulnerabilities of one digest pass, for a while, and says where
// that was decided. Nothing wider can be asked for: no wildcard, no later image, no other reason than findings.
import { CsscError } from "../../errors.js"
import { listSome } from "../../list-some.js"
import { formatDuration } from "../document/duration.js"
import { expiryOf } from "../document/expiry.js"
import { isBlank } from "../document/visible-text.js"
import type { Override, Verdict } from "../verdict/verdict.js"
import { isVulnerabilityId } from "./vulnerability-id.js"

/** An override bridges the time until a fix, or until an exception is reviewed; it is no way to live. */
const day = 24 * 60 * 60 * 1000
export const maxOverrideAge = 90 * day
const maxNames = 1000
const maxTextLength = 1000
const maxShown = 10

export type OverrideRequest = {
  readonly verdict: Verdict
  readonly approver: string
  readonly reason: string
  /** Where it was decided: an issue or a change. */
  readonly reference: string
  /** Ids as the verdict lists them in `remaining`. */
  readonly cves: readonly string[]
  /** YYYY-MM-DD, which counts until the end of that day in UTC, or RFC 3339. */
  readonly expires: string
}

type Asked = Omit<OverrideRequest, "verdict">

/** What can be said of a request before there is a verdict; throws `OVERRIDE_REFUSED` with all of it. */
export function checkOverride(asked: Asked, now: Date): void {
  refuse("this request", [...textProblems(asked), ...idProblems(idsOf(asked)), ...expiryProblems(asked.expires, now)])
}

/** The override for a blocked verdict; throws `OVERRIDE_REFUSED` with everything that is wrong with the request. */
export function grantOverride(request: OverrideRequest, now: Date): Override {
  const { verdict } = request
  const cves = idsOf(request)
  refuse(verdict.image.reference.slice(0, 300), [
    ...textProblems(request),
    ...verdictProblems(verdict),
    ...idProblems(cves),
    ...nameProblems(cves, verdict),
    ...expiryProblems(request.expires, now),
  ])
  return {
    digest: verdict.image.digest,
    approver: request.approver.trim(),
    reason: request.reason.trim(),
    reference: request.reference.trim(),
    cves,
    expires: expiryOf(request.expires.trim()) ?? "",
    grantedAt: now.toISOString(),
  }
}

function refuse(what: string, problems: readonly string[]): void {
  if (problems.length > 0) throw new CsscError("OVERRIDE_REFUSED", `no override for ${what}: ${problems.join("; ")}`)
}

function idsOf({ cves }: Asked): readonly string[] {
  return [...new Set(cves.map((id) => id.trim()))].sort()
}

function textProblems(request: Asked): string[] {
  return (["approver", "reason", "reference"] as const).flatMap((key) => {
    const text = request[key].trim()
    if (isBlank(text)) return [`it names no ${key}`]
    return text.length > maxTextLength ? [`its ${key} is longer than ${maxTextLength} characters`] : []
  })
}

function verdictProblems({ outcome, passed, remaining }: Verdict): string[] {
  if (passed) return ["the verdict passes: there is nothing to override"]
  return remaining.length === 0 ? [`the verdict is ${outcome} for reasons that no override can lift`] : []
}

function idProblems(cves: readonly string[]): string[] {
  if (cves.length === 0) return ["it names no vulnerability: name each that shall pass"]
  if (cves.length > maxNames) return [`it names more than ${maxNames} vulnerabilities`]
  const bad = cves.filter((id) => !isVulnerabilityId(id))
  return bad.length === 0 ? [] : [`${list(bad)}: not ids of vulnerabilities, and wildcards are none`]
}

function nameProblems(cves: readonly string[], { remaining }: Verdict): string[] {
  const open = new Set(remaining.map((id) => id.toUpperCase()))
  const other = cves.filter((id) => isVulnerabilityId(id) && !open.has(id.toUpperCase()))
  return other.length === 0 ? [] : [`${list(other)}: not among what blocks this verdict`]
}

function expiryProblems(text: string, now: Date): string[] {
  if (text.trim() === "") return ["it has no end: give expires"]
  const end = Date.parse(expiryOf(text.trim()) ?? "")
  if (Number.isNaN(end)) return [`its end ${quote(text)} is not a date: expected YYYY-MM-DD or RFC 3339`]
  if (end <= now.getTime()) return [`its end ${quote(text)} is past`]
  const limit = formatDuration(maxOverrideAge)
  // A date counts until the end of its day: one day more than a moment may have.
  const isDate = !text.includes("T")
  const tooFar = isDate ? end - now.getTime() >= maxOverrideAge + day : end - now.getTime() > maxOverrideAge
  if (tooFar) return [`its end ${quote(text)} is more than ${limit} away: use an exception`]
  return []
}

function list(ids: readonly string[]): string {
  return listSome(ids.map(quote), maxShown)
}

function quote(text: string): string {
  return JSON.stringify(text.slice(0, 60))
}
