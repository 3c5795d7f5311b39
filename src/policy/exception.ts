// Exceptions: what an operator accepts, for whom, and until when. One with an id is about findings; one with only a
// package is about packages that nothing could assess, never about the findings in them.
import { sortCanonical } from "../findings/canonical-json.js"
import type { UnassessedPackage } from "../findings/assessment.js"
import type { Finding } from "../findings/finding.js"
import { plainPurl } from "../sbom/compare-packages.js"
import { type ExceptionIndex, findEntries, indexExceptions, type LedgerEntry, newEntry } from "./exception-index.js"
import { matchesImage } from "./image-glob.js"
import type { Policy, PolicyException } from "./policy.js"
import type { ExceptionUse } from "./verdict.js"

/** Counts what each exception of one image moved aside; made by `openLedger`, read by `ledgerOf`. */
export type Ledger = {
  readonly now: Date
  /** Exceptions that end within this time are told, so that nobody is surprised. */
  readonly within: number
  readonly entries: readonly LedgerEntry[]
  readonly index: ExceptionIndex
}

/** The exceptions that are about this image, in an order that does not depend on the file's. */
export function openLedger(policy: Pick<Policy, "exceptions" | "ledger">, image: string, now: Date): Ledger {
  const relevant = policy.exceptions.filter(({ images }) => images.length === 0 || matchesImage(images, image))
  const entries = sortCanonical(relevant).map((one, order) => newEntry(one, order, isActive(one, now)))
  return { now, within: policy.ledger.within, entries, index: indexExceptions(entries) }
}

/** Tells whether an exception still holds; its last moment counts. */
export function isActive(exception: PolicyException, now: Date): boolean {
  return exception.expiresAt === undefined || now.getTime() <= Date.parse(exception.expiresAt)
}

/** The exception that moves a finding aside, if any; every one that would is counted as used. */
export function useForFinding(ledger: Ledger, finding: Finding, platform: string): PolicyException | undefined {
  const ids = new Set([finding.id, ...finding.aliases].map((id) => id.toUpperCase()).filter((id) => id !== ""))
  return use(findEntries(ledger.index, ids, finding.purl, platform), finding)
}

/** The exception that accepts a package that nothing could assess, if any. */
export function useForPackage(ledger: Ledger, item: UnassessedPackage, platform: string): PolicyException | undefined {
  return use(findEntries(ledger.index, new Set([""]), item.purl, platform), item)
}

/** The ledger for the verdict. */
export function ledgerOf({ entries, now, within }: Ledger): ExceptionUse[] {
  return entries.map(({ exception, uses, packages, fixedIn }) => ({
    ...(exception.id === undefined ? {} : { id: exception.id }),
    ...(exception.package === undefined ? {} : { package: exception.package }),
    reason: exception.reason,
    ...(exception.owner === undefined ? {} : { owner: exception.owner }),
    ...(exception.expires === undefined ? {} : { expires: exception.expires }),
    state: stateOf(exception, uses, now, within),
    uses,
    ...(packages.size === 0 ? {} : { packages: [...packages].sort() }),
    ...(fixedIn.size === 0 ? {} : { fixedIn: [...fixedIn].sort() }),
  }))
}

function use(entries: readonly LedgerEntry[], item: Pick<Finding, "purl" | "fixedVersion">) {
  const name = entries.length === 0 ? "" : plainPurl(item.purl)
  const fixed = item.fixedVersion ?? ""
  for (const entry of entries) {
    entry.uses += 1
    if (name !== "") entry.packages.add(name)
    if (fixed !== "") entry.fixedIn.add(fixed)
  }
  return entries[0]?.exception
}

function stateOf(exception: PolicyException, uses: number, now: Date, within: number): ExceptionUse["state"] {
  if (!isActive(exception, now)) return "expired"
  const left = exception.expiresAt === undefined ? Infinity : Date.parse(exception.expiresAt) - now.getTime()
  if (left <= within) return "expiring"
  return uses > 0 ? "used" : "unused"
}
