// The last look before a tag points at an image: everything that belongs to it is there, and nothing that does not.
// An attachment that slipped in during the copy, between the check and the tag, is caught here.
import type { AttachedEvidence } from "../attach/attach-evidence.js"
import { isSameEvidence } from "../attach/same-evidence.js"
import type { Signer } from "../attestation/signer.js"
import { CsscError } from "../errors.js"
import { relist } from "../image/relist.js"
import { type Attached, listAttached } from "../image/subjects.js"
import type { Manifest } from "../oci/manifest.js"
import { mediaTypes } from "../oci/media-types.js"
import { bare, pinnedName, type PinnedReference } from "../oci/reference.js"
import { flattenReferrers, type Referrer, type ReferrerEdge } from "../oci/referrers.js"
import type { Registry } from "../ports.js"
import type { LeftBehind } from "./select-evidence.js"

export type Expected = {
  /** What the target had before we came. */
  readonly already: Attached
  readonly carried: readonly Referrer[]
  readonly evidence: readonly AttachedEvidence[]
  /** Who signed it. */
  readonly signer?: Signer
}

/** Times that a list which lacks something is mended. */
const maxRounds = 3

/** Throws `EVIDENCE_FAILED` when something is missing, `REFERRERS_UNTRUSTED` when something is there that nobody checked. */
export async function requireOnlyExpected(
  registry: Registry,
  target: PinnedReference,
  manifest: Manifest,
  expected: Expected,
): Promise<void> {
  let found = await compareTarget(registry, target, manifest, expected)
  for (let round = 0; round < maxRounds && found.unlisted.length + found.lost.length > 0; round++) {
    // A run before this one may have stopped between an attachment and its listing: no copy tool lists it then.
    if (found.unlisted.length > 0) await relist(registry, target, found.unlisted)
    for (const { digest } of found.lost) await listAgain(registry, { ...bare(target), digest })
    found = await compareTarget(registry, target, manifest, expected)
  }
  const { missing, surplus } = found
  const reading = { registry, target, signer: expected.signer }
  const isOurs = await Promise.all(surplus.map((one) => isSameEvidence(reading, expected.evidence, one)))
  const unexpected = surplus
    .filter((_, at) => isOurs[at] !== true)
    .map(({ digest, artifactType }) => `${artifactType} ${digest}`)
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

// Where clients keep the list, another run may have written it over: what is stored is sent once more, and listed.
async function listAgain(registry: Registry, lost: PinnedReference): Promise<void> {
  const stored = await registry.manifest(lost)
  if (stored !== undefined) await registry.putManifest(bare(lost), stored, mediaTypes.ociManifest)
}

type Comparison = {
  readonly missing: readonly string[]
  /** What is there, and neither was before nor came with us. */
  readonly surplus: readonly Referrer[]
  readonly unlisted: readonly Referrer[]
  /** What we attached a moment ago, and is not listed any more. */
  readonly lost: readonly AttachedEvidence[]
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
  return {
    missing: [...now.absent.map((digest) => `manifest ${digest}`), ...[...wanted].filter((key) => !found.has(key))],
    surplus: [...found].filter(([key]) => !wanted.has(key) && !before.has(key)).map(([, referrer]) => referrer),
    unlisted: carried.filter((one) => !found.has(keyOf(one))),
    lost: evidence.filter((one) => !found.has(keyOf(one))),
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
      `${pinnedName(target)} has ${planted.length} attachments that claim to be our evidence, or could be run, and came from the source (${planted.slice(0, 3).join("; ")}): nothing was promoted; remove them and run it again`,
    )
}

function keyOf({ subject, digest }: Pick<ReferrerEdge, "subject" | "digest">): string {
  return `attachment ${digest} of ${subject}`
}
