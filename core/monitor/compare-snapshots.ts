// What a new verdict says that the last one did not: findings that came, went, or are judged or fixed differently. Who
// reads it wants to know since when, so each finding that counts has the time it was first seen.
import { findingKey, isLoud, type Snapshot, type WatchedFinding } from "./snapshot.js"

/** `atLatest`: it was there already when we first looked. */
export type DatedFinding = WatchedFinding & { readonly firstSeen: string; readonly atLatest?: true }

export type Altered = DatedFinding & {
  readonly before: Pick<WatchedFinding, "judgement" | "severity" | "platforms" | "fixedIn">
}

export type Comparison = {
  readonly changed: boolean
  readonly appeared: readonly DatedFinding[]
  readonly gone: readonly WatchedFinding[]
  readonly altered: readonly Altered[]
  /** All that count now. */
  readonly findings: readonly DatedFinding[]
}

/** What earlier runs wrote down of first sights. */
export type FirstSights = ReadonlyMap<string, Pick<DatedFinding, "firstSeen" | "atLatest">>

/** Without a `before` everything is new, which is a change. */
export function compareSnapshots(
  before: Snapshot | undefined,
  now: Snapshot,
  sights: FirstSights = new Map(),
): Comparison {
  const then = new Map((before?.findings ?? []).map((one) => [findingKey(one), one]))
  const present = new Set(now.findings.map(findingKey))
  const dated = now.findings.map((one) => dateFinding(one, sights, before, then, now))
  const appeared = dated.filter((one) => isLoud(one) && !then.has(findingKey(one)))
  const gone = (before?.findings ?? []).filter((one) => isLoud(one) && !present.has(findingKey(one)))
  const altered = dated.flatMap((one) => alteration(then.get(findingKey(one)), one))
  const decided = before?.outcome === now.outcome && before.reasons.join() === now.reasons.join()
  const changed = !decided || appeared.length + gone.length + altered.length > 0
  return { changed, appeared, gone, altered, findings: dated.filter(isLoud) }
}

function dateFinding(
  finding: WatchedFinding,
  sights: FirstSights,
  before: Snapshot | undefined,
  then: ReadonlyMap<string, WatchedFinding>,
  now: Snapshot,
): DatedFinding {
  const key = findingKey(finding)
  const written = sights.get(key)
  if (written !== undefined) return { ...finding, ...written }
  if (before !== undefined && then.has(key)) return { ...finding, firstSeen: before.evaluatedAt, atLatest: true }
  return { ...finding, firstSeen: now.evaluatedAt, ...(before === undefined ? { atLatest: true } : {}) }
}

function alteration(then: WatchedFinding | undefined, now: DatedFinding): Altered[] {
  if (then === undefined || (!isLoud(then) && !isLoud(now))) return []
  const { judgement, severity, platforms, fixedIn } = then
  const same =
    judgement === now.judgement &&
    severity === now.severity &&
    fixedIn === now.fixedIn &&
    platforms.join() === now.platforms.join()
  if (same) return []
  return [{ ...now, before: { judgement, severity, platforms, ...(fixedIn === undefined ? {} : { fixedIn }) } }]
}
