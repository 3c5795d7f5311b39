// What a mirror is asked for and what it tells afterwards.
import type { Digest } from "../oci/digest.js"
import { formatReference, type PinnedReference, type Reference, type Repository } from "../oci/reference.js"
import type { ReferrerTree } from "../oci/referrers.js"
import type { Operation } from "../operation.js"
import type { HistorySnapshot } from "./history-snapshot.js"
import type { Parity } from "./parity.js"
import type { RequestCount } from "./request-count.js"

export type MirrorRequest = {
  readonly source: Reference
  /** A repository with the tag to write; without one nothing is tagged. */
  readonly target: Reference
  /** Copies even when the digests match, looks at every blob of the target, and ignores the history. */
  readonly force: boolean
  readonly referrers: boolean
  readonly history: boolean
  readonly provenance: boolean
  readonly platforms: readonly string[]
  readonly newDigest: boolean
  readonly dryRun: boolean
  /** Whether the source was read with credentials: told in the provenance. */
  readonly sourceAuthenticated: boolean
  /** The target's history as it was read a moment ago, for many tags at once; else it is read. */
  readonly knownHistory?: HistorySnapshot
}

export type MirrorOperation = Pick<Operation, "registry" | "signer" | "run" | "now" | "step">

/** One mirror under way. */
export type MirrorJob = MirrorOperation & { readonly request: MirrorRequest; readonly sides: MirrorSides }

/** Both ends as they were found. */
export type MirrorSides = {
  readonly source: PinnedReference
  readonly target: Repository
  readonly targetDigest?: Digest
  readonly sourceTree: ReferrerTree | undefined
  readonly targetTree: ReferrerTree | undefined
}

/**
 * `known`: acquired before and not again; `rollback`: upstream went back to a digest that it had left; `unneeded`: not asked,
 * since the target's tag has this digest already.
 */
export type HistoryState = "off" | "new" | "known" | "rollback" | "unneeded"

export type MirrorResult = {
  readonly schema: "https://cssc.dev/mirror/v1"
  readonly source: string
  readonly target: string
  readonly copied: boolean
  readonly digest: Digest
  /** What the target's tag stood for before; absent when it was not there. */
  readonly previousDigest?: Digest
  readonly referrers: Parity
  /** Subjects for which the source's registry lists the image itself as its referrers. */
  readonly lying: readonly Digest[]
  readonly digestTags: readonly string[]
  /** Manifests and blobs that a half-filled target lacked. */
  readonly repaired: readonly Digest[]
  readonly history: HistoryState
  /** When, why, and what to use instead: the target's repository has a tombstone of this digest, so it stays away. */
  readonly retired?: string
  /** Digests of the acquisition provenance that was attached. */
  readonly provenance: readonly Digest[]
  readonly dryRun: boolean
  /** What a dry run would do. */
  readonly plan: readonly string[]
  readonly requests: RequestCount
}

/** The result of a mirror that had nothing to do. */
export function emptyMirrorResult({ request, sides }: Pick<MirrorJob, "request" | "sides">): MirrorResult {
  const { source, targetDigest } = sides
  return {
    schema: "https://cssc.dev/mirror/v1",
    source: formatReference(request.source),
    target: formatReference(request.target),
    copied: false,
    digest: source.digest,
    ...(targetDigest === undefined ? {} : { previousDigest: targetDigest }),
    referrers: { source: 0, target: 0, missing: [], extra: [] },
    lying: [],
    digestTags: [],
    repaired: [],
    history: request.history ? "unneeded" : "off",
    provenance: [],
    dryRun: request.dryRun,
    plan: [],
    requests: { source: {}, target: {}, token: 0 },
  }
}

/** One line on what is attached, as the composite action's `referrers-note`. */
export function referrersNote({ referrers, lying, digestTags }: MirrorResult): string {
  if (lying.length > 0)
    return "the source's registry answers its referrers tag with the image itself: it has no referrers that can be copied"
  const tags = digestTags.length === 0 ? "" : `, ${digestTags.length} digest tags copied`
  const extra = referrers.extra.length === 0 ? "" : `, ${referrers.extra.length} only at the target`
  return `${referrers.source} at the source, ${referrers.target} at the target${extra}${tags}`
}
