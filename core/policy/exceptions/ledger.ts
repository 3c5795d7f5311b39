// Exceptions: what an operator accepts, for whom, and until when. One with an id is about findings; one with only a
// package is about packages that nothing could assess, never about the findings in them.
import type { UnassessedPackage } from "../../findings/assessment.js"
import { sortCanonical } from "../../findings/canonical-json.js"
import type { Finding } from "../../findings/finding.js"
import { plainPurl } from "../../sbom/compare-packages.js"
import type { Policy, PolicyException } from "../document/policy.js"
import type { ExceptionUse } from "../verdict/verdict.js"
import { type Cell, type ExceptionIndex, findCells, type LedgerEntry } from "./exception-index.js"
import { matchesImage } from "./image-glob.js"

/** More packages or versions than this are no help, and ten thousand such lists are a burden. */
const maxNames = 100

/** Counts what each exception of one image moved aside; made by `openLedger`, read by `ledgerOf`. */
export type Ledger = {
  readonly now: Date
  /** Exceptions that end within this time are told, so that nobody is surprised. */
  readonly within: number
  readonly index: ExceptionIndex
}

/** The exceptions that are about this image, in an order that does not depend on the file's. */
export function openLedger(policy: Pick<Policy, "exceptions" | "ledger">, image: string, now: Date): Ledger {
  const relevant = policy.exceptions.filter(({ images }) => images.length === 0 || matchesImage(images, image))
  const entries = sortCanonical(relevant).map((exception): LedgerEntry => {
    return { exception, active: isActive(exception, now), cells: [] }
  })
  return { now, within: policy.ledger.within, index: { entries, platforms: new Map() } }
}

/** Tells whether an exception still holds; its last moment counts. */
export function isActive(exception: PolicyException, now: Date): boolean {
  return exception.expiresAt === undefined || now.getTime() <= Date.parse(exception.expiresAt)
}

/** The exception that moves a finding aside, if any; every one that would is counted as used. */
export function useForFinding(ledger: Ledger, finding: Finding, platform: string): PolicyException | undefined {
  const ids = new Set([finding.id, ...finding.aliases].map((id) => id.toUpperCase()).filter((id) => id !== ""))
  return use(findCells(ledger.index, ids, finding.purl, platform), finding)
}

/** The exception that accepts a package that nothing could assess, if any. */
export function useForPackage(ledger: Ledger, item: UnassessedPackage, platform: string): PolicyException | undefined {
  return use(findCells(ledger.index, new Set([""]), item.purl, platform), item)
}

/** The ledger for the verdict. */
export function ledgerOf({ index, now, within }: Ledger): ExceptionUse[] {
  const firstOf = firstNames()
  return index.entries.map(({ exception, cells }) => {
    const uses = cells.reduce((sum, cell) => sum + cell.uses, 0)
    const packages = firstOf(cells.map((cell) => cell.packages))
    const fixedIn = firstOf(cells.map((cell) => cell.fixedIn))
    return {
      ...(exception.id === undefined ? {} : { id: exception.id }),
      ...(exception.package === undefined ? {} : { package: exception.package }),
      reason: exception.reason,
      ...(exception.owner === undefined ? {} : { owner: exception.owner }),
      ...(exception.expires === undefined ? {} : { expires: exception.expires }),
      state: stateOf(exception, uses, now, within),
      uses,
      ...(packages.length === 0 ? {} : { packages }),
      ...(fixedIn.length === 0 ? {} : { fixedIn }),
    }
  })
}

/** The first names of several sets together, sorted; each set is sorted once, since exceptions share them. */
function firstNames(): (sets: readonly ReadonlySet<string>[]) => string[] {
  const known = new Map<ReadonlySet<string>, readonly string[]>()
  const firstOf = (set: ReadonlySet<string>) => {
    const names = known.get(set) ?? [...set].sort().slice(0, maxNames)
    known.set(set, names)
    return names
  }
  return (sets) => [...new Set(sets.flatMap(firstOf))].sort().slice(0, maxNames)
}

function use(cells: readonly Cell[], item: Pick<Finding, "purl" | "fixedVersion">): PolicyException | undefined {
  const name = cells.length === 0 ? "" : plainPurl(item.purl)
  const fixed = item.fixedVersion ?? ""
  for (const cell of cells) {
    cell.uses += 1
    if (name !== "") cell.packages.add(name)
    if (fixed !== "") cell.fixedIn.add(fixed)
  }
  return cells[0]?.exception
}

function stateOf(exception: PolicyException, uses: number, now: Date, within: number): ExceptionUse["state"] {
  if (!isActive(exception, now)) return "expired"
  const left = exception.expiresAt === undefined ? Infinity : Date.parse(exception.expiresAt) - now.getTime()
  if (left <= within) return "expiring"
  return uses > 0 ? "used" : "unused"
}
