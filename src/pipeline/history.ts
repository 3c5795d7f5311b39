// The mirror history of a repository: a document under a reserved tag. A lost entry costs one more check, never a wrong
// pass, so writers meet by uniting their sets: read, add, push, read back, and again if another one was faster.
import { CsscError } from "../errors.js"
import { canonicalJson } from "../findings/canonical-json.js"
import {
  addEntry,
  buildHistoryDocument,
  emptyHistory,
  isKnown,
  isRollback,
  mergeHistory,
} from "../evidence/mirror-history.js"
import { type History, type HistoryEntry, maxHistoryBytes, parseHistory } from "../evidence/history-schema.js"
import { type Digest, digestOf } from "../oci/digest.js"
import { parseManifest } from "../oci/manifest.js"
import { mediaTypes } from "../oci/media-types.js"
import { type PinnedReference, type Repository, repositoryName } from "../oci/reference.js"
import { flattenReferrers } from "../oci/referrers.js"
import { mirrorHistoryTag } from "../oci/reserved-tags.js"
import type { HistoryState, MirrorRequest } from "./mirror-result.js"
import type { Context, Registry } from "./ports.js"
import type { Attached } from "./subjects.js"

/** Writers that may be faster than we are before we give up. */
export const HISTORY_ATTEMPTS = 5

/** The history of a repository, empty when there is none; two requests. */
export async function readHistory(registry: Registry, repository: Repository, source = ""): Promise<History> {
  const at = { registry: repository.registry, repository: repository.repository, tag: mirrorHistoryTag }
  const name = `${repositoryName(repository)}:${mirrorHistoryTag}`
  const bytes = await registry.manifest(at)
  if (bytes === undefined) return emptyHistory(repositoryName(repository), source)
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
  return parseHistory(await registry.blob(repository, layer), name)
}

/** Whether this digest was acquired under this tag before, with what is attached to it now. */
export async function judgeHistory(
  registry: Registry,
  request: MirrorRequest,
  source: PinnedReference,
  attached: Attached,
): Promise<{ state: HistoryState }> {
  const history = await readHistory(registry, request.target, repositoryName(request.source))
  const [sourceTag, sourceDigest] = [request.source.tag ?? "", source.digest]
  if (sourceTag === "") return { state: "new" }
  if (isRollback(history, sourceTag, sourceDigest)) return { state: "rollback" }
  if (!isKnown(history, { sourceTag, sourceDigest })) return { state: "new" }
  const seen = history.entries.filter((entry) => entry.sourceTag === sourceTag && entry.sourceDigest === sourceDigest)
  const now = referrersDigest(attached)
  // Entries of older writers do not say what was attached: the digest alone then counts, as it did for them.
  const unchanged = !request.referrers || seen.some(({ referrers }) => referrers === undefined || referrers === now)
  return { state: unchanged ? "known" : "new" }
}

export async function recordHistory(
  registry: Registry,
  request: MirrorRequest,
  source: PinnedReference,
  attached: Attached,
  context: Context,
): Promise<void> {
  const entry: HistoryEntry = {
    sourceTag: request.source.tag ?? source.digest,
    sourceDigest: source.digest,
    destTag: request.target.tag ?? "",
    syncedAt: context.now().toISOString(),
    runUrl: context.run.url,
    runId: context.run.id,
    runAttempt: context.run.attempt,
    force: request.force,
    ...(request.referrers ? { referrers: referrersDigest(attached) } : {}),
  }
  let ours = addEntry(emptyHistory(repositoryName(request.target), repositoryName(request.source)), entry)
  for (let attempt = 0; attempt < HISTORY_ATTEMPTS; attempt++) {
    ours = mergeHistory(await readHistory(registry, request.target), ours)
    await pushHistory(registry, request.target, ours, context)
    const stored = await readHistory(registry, request.target)
    if (canonicalJson(mergeHistory(stored, ours).entries) === canonicalJson(stored.entries)) return
  }
  throw new CsscError(
    "HISTORY_INVALID",
    `the mirror history of ${repositoryName(request.target)} could not be written: ${HISTORY_ATTEMPTS} times another writer was faster; run fewer mirrors into one repository at a time`,
  )
}

async function pushHistory(
  registry: Registry,
  repository: Repository,
  history: History,
  context: Context,
): Promise<void> {
  const { document, config, annotations } = buildHistoryDocument(history, context.now())
  await registry.push({ registry: repository.registry, repository: repository.repository }, mirrorHistoryTag, {
    artifactType: mediaTypes.mirrorHistory,
    fileName: "mirror-history.json",
    mediaType: mediaTypes.mirrorHistory,
    content: document,
    annotations,
    config: { mediaType: mediaTypes.mirrorHistory, content: config },
  })
}

function referrersDigest({ trees }: Attached): Digest {
  const edges = trees.flatMap(flattenReferrers).map(({ subject, digest }) => `${subject} ${digest}`)
  return digestOf([...new Set(edges)].sort().join("\n"))
}
