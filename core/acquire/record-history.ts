// Writes the mirror history. A lost entry costs one more check, never a wrong pass, so writers meet by uniting their
// sets: read, add, push, read back, and again if another one was faster.
import { CsscError } from "../errors.js"
import type { History, HistoryEntry } from "../evidence/history-schema.js"
import { addEntry, buildHistoryDocument, emptyHistory, mergeHistory } from "../evidence/mirror-history.js"
import { canonicalJson } from "../findings/canonical-json.js"
import type { Attached } from "../image/subjects.js"
import type { Digest } from "../oci/digest.js"
import { mediaTypes } from "../oci/media-types.js"
import { bare, type Repository, repositoryName } from "../oci/reference.js"
import { mirrorHistoryTag } from "../oci/reserved-tags.js"
import type { Registry } from "../ports.js"
import { historyReference, historyTagOf, readSnapshot, referrersDigest } from "./history.js"
import type { HistorySnapshot } from "./history-snapshot.js"
import type { MirrorJob } from "./mirror-result.js"
import { oneAtATime } from "./one-at-a-time.js"

/** Writers that may be faster than we are before we give up. */
export const HISTORY_ATTEMPTS = 5

/** Entries that wait for their turn together, and are written as one. */
type Batch = { added: History; readonly written: Promise<void> }
const waiting = new Map<string, Batch>()

/**
 * `known` is the history as it was read before the copy: not read again when nobody wrote in between. What is recorded while
 * another write is under way goes together: of many tags at once, each would wait for all others.
 */
export async function recordHistory(job: MirrorJob, attached: Attached, known?: HistorySnapshot): Promise<void> {
  const { request, run } = job
  const { source } = job.sides
  const entry: HistoryEntry = {
    sourceTag: historyTagOf(request.source, source.digest),
    sourceDigest: source.digest,
    destTag: request.target.tag ?? "",
    syncedAt: job.now().toISOString(),
    runUrl: run.url,
    runId: run.id,
    runAttempt: run.attempt,
    force: request.force,
    ...(request.referrers ? { referrers: referrersDigest(attached) } : {}),
  }
  const names = [repositoryName(request.target), repositoryName(request.source)] as const
  const added = addEntry(emptyHistory(...names), entry)
  const batch = waiting.get(names[0])
  if (batch === undefined) return begin(job, names[0], added, known)
  batch.added = mergeHistory(batch.added, added)
  return batch.written
}

function begin(job: MirrorJob, name: string, added: History, known: HistorySnapshot | undefined): Promise<void> {
  const written = oneAtATime(name, () => {
    const all = waiting.get(name)?.added ?? added
    waiting.delete(name)
    return write(job, all, known)
  })
  waiting.set(name, { added, written })
  return written
}

async function write(job: MirrorJob, added: History, known: HistorySnapshot | undefined): Promise<void> {
  const { registry } = job
  const repository = job.request.target
  let ours = added
  for (let attempt = 0; attempt < HISTORY_ATTEMPTS; attempt++) {
    const before = await latest(registry, repository, attempt === 0 ? known : undefined)
    ours = mergeHistory(before.history, ours)
    const pushed = await pushHistory(job, ours)
    if ((await registry.resolve(historyReference(repository))) === pushed) return
    const { history } = await readSnapshot(registry, repository)
    if (canonicalJson(mergeHistory(history, ours).entries) === canonicalJson(history.entries)) return
  }
  throw new CsscError(
    "HISTORY_INVALID",
    `the mirror history of ${repositoryName(repository)} could not be written: ${HISTORY_ATTEMPTS} times another writer was faster; run fewer mirrors into one repository at a time`,
  )
}

async function latest(
  registry: Registry,
  repository: Repository,
  known: HistorySnapshot | undefined,
): Promise<HistorySnapshot> {
  if (known !== undefined && (await registry.resolve(historyReference(repository))) === known.digest) return known
  return readSnapshot(registry, repository)
}

async function pushHistory({ registry, request, now }: MirrorJob, history: History): Promise<Digest> {
  const { document, config, annotations } = buildHistoryDocument(history, now())
  return registry.push(bare(request.target), mirrorHistoryTag, {
    artifactType: mediaTypes.mirrorHistory,
    fileName: "mirror-history.json",
    mediaType: mediaTypes.mirrorHistory,
    content: document,
    annotations,
    config: { mediaType: mediaTypes.mirrorHistory, content: config },
  })
}
