// The mirror history of a repository: a document under a reserved tag that outlives the images. Here it is read and
// judged; record-history.ts writes it.
import { CsscError } from "../errors.js"
import { type History, maxHistoryBytes, parseHistory } from "../evidence/history-schema.js"
import { emptyHistory, isKnown, isRollback } from "../evidence/mirror-history.js"
import type { Attached } from "../image/subjects.js"
import { type Digest, digestOf } from "../oci/digest.js"
import { parseManifest } from "../oci/manifest.js"
import { mediaTypes } from "../oci/media-types.js"
import { type PinnedReference, type Reference, type Repository, repositoryName } from "../oci/reference.js"
import { flattenReferrers } from "../oci/referrers.js"
import { mirrorHistoryTag } from "../oci/reserved-tags.js"
import type { Registry } from "../ports.js"
import type { HistorySnapshot } from "./history-snapshot.js"
import type { HistoryState, MirrorRequest } from "./mirror-result.js"

export async function readHistory(registry: Registry, repository: Repository): Promise<History> {
  return (await readSnapshot(registry, repository)).history
}

/** The history of a repository, empty when there is none; two requests. */
export async function readSnapshot(registry: Registry, repository: Repository, source = ""): Promise<HistorySnapshot> {
  const at = historyReference(repository)
  const name = `${repositoryName(repository)}:${mirrorHistoryTag}`
  const bytes = await registry.manifest(at)
  if (bytes === undefined) return { history: emptyHistory(repositoryName(repository), source) }
  const manifest = parseManifest(bytes, { reference: name })
  const layer =
    manifest.kind === "image"
      ? manifest.layers.find(({ mediaType }) => mediaType === mediaTypes.mirrorHistory)
      : undefined
  if (layer === undefined || layer.size > maxHistoryBytes)
    throw new CsscError(
      "HISTORY_INVALID",
      `${name} holds no mirror history (or one larger than ${maxHistoryBytes} bytes): the tag is reserved, move what is there elsewhere`,
    )
  return { history: parseHistory(await registry.blob(repository, layer), name), digest: manifest.digest }
}

/** Reads what was acquired before; `judge` then tells whether this digest was, with what is attached to it now. */
export async function judgeHistory(
  registry: Registry,
  request: MirrorRequest,
  { digest: sourceDigest }: PinnedReference,
): Promise<{ readonly snapshot: HistorySnapshot; readonly judge: (attached: Attached) => HistoryState }> {
  const snapshot =
    request.knownHistory ?? (await readSnapshot(registry, request.target, repositoryName(request.source)))
  const { history } = snapshot
  const sourceTag = historyTagOf(request.source, sourceDigest)
  const judge = (attached: Attached): HistoryState => {
    if (isRollback(history, sourceTag, sourceDigest)) return "rollback"
    if (!isKnown(history, { sourceTag, sourceDigest })) return "new"
    const seen = history.entries.filter((one) => one.sourceTag === sourceTag && one.sourceDigest === sourceDigest)
    const now = referrersDigest(attached)
    // Entries of older writers do not say what was attached: the digest alone then counts, as it did for them.
    const unchanged = !request.referrers || seen.some(({ referrers }) => referrers === undefined || referrers === now)
    return unchanged ? "known" : "new"
  }
  return { snapshot, judge }
}

export function historyReference({ registry, repository }: Repository) {
  return { registry, repository, tag: mirrorHistoryTag }
}

/** What an entry calls the tag of a source that was named by digest alone. */
export function historyTagOf({ tag }: Reference, digest: Digest): string {
  return tag ?? digest
}

/** Stands for all that is attached at the source, so that a new attachment is noticed. */
export function referrersDigest({ trees }: Attached): Digest {
  const edges = trees.flatMap(flattenReferrers).map(({ subject, digest }) => `${subject} ${digest}`)
  return digestOf([...new Set(edges)].sort().join("\n"))
}
