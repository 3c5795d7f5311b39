// Exceptions: what an operator accepts, for whom, and until when. One with an id is about findings; one with only a
// package is about packages that nothing could assess, never about the findings in them.
import { sortCanonical } from "../findings/canonical-json.js"
import type { UnassessedPackage } from "../findings/assessment.js"
import type { Finding } from "../findings/finding.js"
import { matchesImage } from "./image-glob.js"
import { matchesPlatform } from "./platform-match.js"
import type { PolicyException } from "./policy.js"
import { matchesPurl } from "./purl-pattern.js"
import type { ExceptionUse } from "./verdict.js"

/** Exceptions that end within this time are told, so that nobody is surprised. */
export const expiringWithin = 7 * 24 * 60 * 60 * 1000

/** Counts what each exception of one image moved aside; made by `openLedger`, read by `ledgerOf`. */
export type Ledger = {
  readonly now: Date
  readonly entries: readonly LedgerEntry[]
  /** By id in upper case; "" holds those about packages. Ten thousand exceptions meet as many findings. */
  readonly byId: ReadonlyMap<string, readonly LedgerEntry[]>
}
type LedgerEntry = { readonly exception: PolicyException; uses: number }

/** The exceptions that are about this image, in an order that does not depend on the file's. */
export function openLedger(exceptions: readonly PolicyException[], image: string, now: Date): Ledger {
  const relevant = exceptions.filter(({ images }) => images.length === 0 || matchesImage(images, image))
  const entries = sortCanonical(relevant).map((exception) => ({ exception, uses: 0 }))
  const byId = new Map<string, LedgerEntry[]>()
  for (const entry of entries) {
    const key = entry.exception.id?.toUpperCase() ?? ""
    byId.set(key, [...(byId.get(key) ?? []), entry])
  }
  return { now, entries, byId }
}

/** Tells whether an exception still holds; its last moment counts. */
export function isActive(exception: PolicyException, now: Date): boolean {
  return exception.expiresAt === undefined || now.getTime() <= Date.parse(exception.expiresAt)
}

/** The exception that moves a finding aside, if any; every one that would is counted as used. */
export function useForFinding(ledger: Ledger, finding: Finding, platform: string): PolicyException | undefined {
  const ids = new Set([finding.id, ...finding.aliases].map((id) => id.toUpperCase()))
  const named = [...ids].flatMap((id) => (id === "" ? [] : (ledger.byId.get(id) ?? [])))
  return use(ledger, named, finding.purl, platform)
}

/** The exception that accepts a package that nothing could assess, if any. */
export function useForPackage(ledger: Ledger, item: UnassessedPackage, platform: string): PolicyException | undefined {
  return use(ledger, ledger.byId.get("") ?? [], item.purl, platform)
}

/** The ledger for the verdict. */
export function ledgerOf({ entries, now }: Ledger): ExceptionUse[] {
  return entries.map(({ exception, uses }) => ({
    ...(exception.id === undefined ? {} : { id: exception.id }),
    ...(exception.package === undefined ? {} : { package: exception.package }),
    reason: exception.reason,
    ...(exception.owner === undefined ? {} : { owner: exception.owner }),
    ...(exception.expires === undefined ? {} : { expires: exception.expires }),
    state: stateOf(exception, uses, now),
    uses,
  }))
}

function use({ now }: Ledger, entries: readonly LedgerEntry[], purl: string, platform: string) {
  const found = entries.filter(({ exception }) => {
    const { package: pattern } = exception
    if (!isActive(exception, now) || !coversPlatform(exception, platform)) return false
    return pattern === undefined || matchesPurl(pattern, purl)
  })
  for (const entry of found) entry.uses += 1
  return sortCanonical(found.map(({ exception }) => exception))[0]
}

function coversPlatform({ platforms }: PolicyException, platform: string): boolean {
  return platforms.length === 0 || platforms.some((wanted) => matchesPlatform(wanted, platform))
}

function stateOf(exception: PolicyException, uses: number, now: Date): ExceptionUse["state"] {
  if (!isActive(exception, now)) return "expired"
  const left = exception.expiresAt === undefined ? Infinity : Date.parse(exception.expiresAt) - now.getTime()
  if (left <= expiringWithin) return "expiring"
  return uses > 0 ? "used" : "unused"
}
