// The last look before a tag points at an image: everything that belongs to it is there, and nothing that does not.
// An attachment that slipped in during the copy, between the check and the tag, is caught here.
import type { AttachedEvidence } from "../attach/attach-evidence.js"
import { CsscError } from "../errors.js"
import { relist } from "../image/relist.js"
import { type Attached, listAttached } from "../image/subjects.js"
import type { Manifest } from "../oci/manifest.js"
import { pinnedName, type PinnedReference } from "../oci/reference.js"
import { flattenReferrers, type Referrer, type ReferrerEdge } from "../oci/referrers.js"
import type { Registry } from "../ports.js"
import type { LeftBehind } from "./select-evidence.js"

export type Expected = {
  /** What the target had before we came. */
  readonly already: Attached
  readonly carried: readonly Referrer[]
  readonly evidence: readonly AttachedEvidence[]
}

/** Throws `EVIDENCE_FAILED` when something is missing, `REFERRERS_UNTRUSTED` when something is there that nobody checked. */
export async function requireOnlyExpected(
  registry: Registry,
  target: PinnedReference,
  manifest: Manifest,
  expected: Expected,
): Promise<void> {
  const first = await compareTarget(registry, target, manifest, expected)
  // A run before this one may have stopped between an attachment and its listing: no copy tool lists it then.
  if (first.unlisted.length > 0) await relist(registry, target, first.unlisted)
  const { missing, unexpected } =
    first.unlisted.length === 0 ? first : await compareTarget(registry, target, manifest, expected)
  if (missing.length > 0)
    throw new CsscError(
      "EVIDENCE_FAILED",
      `${pinnedName(target)} lacks ${missing.length} of its parts after the copy (${missing.slice(0, 3).join("; ")}): the tag was not moved; run it again`,
    )
  if (unexpected.length > 0)
    throw new CsscError(
      "REFERRERS_UNTRUSTED",
      `${pinnedName(target)} got ${unexpected.length} attachments that nobody checked (${unexpected.slice(0, 3).join("; ")}): the tag was not moved; find out who wrote them, remove them and run it again`,
    )
}

type Comparison = {
  readonly missing: readonly string[]
  readonly unexpected: readonly string[]
  readonly unlisted: readonly Referrer[]
}

async function compareTarget(
  registry: Registry,
  target: PinnedReference,
  manifest: Manifest,
  { already, carried, evidence }: Expected,
): Promise<Comparison> {
  const now = await listAttached(registry, target, manifest)
  const found = new Map(now.trees.flatMap(flattenReferrers).map((edge) => [keyOf(edge), edge]))
  const wanted = new Set([...carried, ...evidence].map(keyOf))
  const before = new Set(already.trees.flatMap(flattenReferrers).map(keyOf))
  const surplus = [...found].filter(([key]) => !wanted.has(key) && !before.has(key))
  return {
    missing: [...now.absent.map((digest) => `manifest ${digest}`), ...[...wanted].filter((key) => !found.has(key))],
    unexpected: surplus.map(([, { digest, artifactType }]) => `${artifactType} ${digest}`),
    unlisted: carried.filter((one) => !found.has(keyOf(one))),
  }
}

/**
 * Throws `REFERRERS_UNTRUSTED` when the target already has what had to stay behind: an earlier run carried it along
 * and was stopped above, and running again must not let it pass as something that was there before.
 */
export function requireNothingPlanted(
  target: PinnedReference,
  already: Attached,
  leftBehind: readonly LeftBehind[],
): void {
  const there = new Set(already.trees.flatMap(flattenReferrers).map(keyOf))
  const planted = leftBehind
    .filter((one) => one.planted && there.has(keyOf(one)))
    .map(({ digest, artifactType }) => `${artifactType} ${digest}`)
  if (planted.length > 0)
    throw new CsscError(
      "REFERRERS_UNTRUSTED",
      `${pinnedName(target)} has ${planted.length} attachments that claim to be our evidence and came from the source (${planted.slice(0, 3).join("; ")}): nothing was promoted; remove them and run it again`,
    )
}

function keyOf({ subject, digest }: Pick<ReferrerEdge, "subject" | "digest">): string {
  return `attachment ${digest} of ${subject}`
}
