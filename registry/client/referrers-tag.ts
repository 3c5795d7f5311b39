// The list of referrers that clients keep under a tag where the registry does not: read, changed, pushed, and read back,
// since somebody else may write it at the same time.
// https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pushing-manifests-with-subject
import { setTimeout as delay } from "node:timers/promises"
import pLimit, { type LimitFunction } from "p-limit"
import { z } from "zod"
import { CsscError } from "../../core/errors.js"
import { digestSchema } from "../../core/oci/descriptor.js"
import type { Digest } from "../../core/oci/digest.js"
import { checkSchema, parseJson } from "../../core/oci/json.js"
import { MAX_MANIFEST_BYTES, MAX_MANIFEST_DEPTH } from "../../core/oci/manifest.js"
import { mediaTypes } from "../../core/oci/media-types.js"
import { pinnedName, type PinnedReference, repositoryName } from "../../core/oci/reference.js"
import { referrersTag } from "../../core/oci/reserved-tags.js"
import type { ReferrersReader } from "./referrers-reader.js"

/** Times that a lost entry is written again. */
export const MAX_LIST_ATTEMPTS = 5
/** Milliseconds at most between two of them: two writers must not meet in step. */
const maxPause = 400

// Fields that we do not know stay as they are: the list is not ours alone.
const entrySchema = z.looseObject({ digest: digestSchema })
const listSchema = z.object({
  manifests: z
    .array(entrySchema)
    .nullish()
    .transform((manifests) => manifests ?? []),
})

export type ListEntry = z.infer<typeof entrySchema>
export type PutList = (tag: string, content: string) => Promise<unknown>

export class ReferrersTag {
  private readonly writers = new Map<string, LimitFunction>()

  constructor(private readonly lists: ReferrersReader) {}

  /** Lists an entry, once. */
  add(subject: PinnedReference, entry: ListEntry, put: PutList): Promise<void> {
    const isIn = (entries: readonly ListEntry[]) => entries.some(({ digest }) => digest === entry.digest)
    return this.change(subject, isIn, (entries) => [...entries, entry], put)
  }

  /** Takes an entry off. */
  remove(subject: PinnedReference, gone: Digest, put: PutList): Promise<void> {
    const isOut = (entries: readonly ListEntry[]) => entries.every(({ digest }) => digest !== gone)
    return this.change(subject, isOut, (entries) => entries.filter(({ digest }) => digest !== gone), put)
  }

  private change(
    subject: PinnedReference,
    isDone: (entries: readonly ListEntry[]) => boolean,
    change: (entries: readonly ListEntry[]) => readonly ListEntry[],
    put: PutList,
  ): Promise<void> {
    return this.inTurn(subject, async () => {
      for (let attempt = 0; attempt < MAX_LIST_ATTEMPTS; attempt++) {
        if (attempt > 1) await delay(Math.random() * maxPause)
        const entries = await this.read(subject)
        if (isDone(entries)) return
        if (attempt + 1 < MAX_LIST_ATTEMPTS) await put(referrersTag(subject.digest), listOf(change(entries)))
      }
      throw new CsscError(
        "EVIDENCE_FAILED",
        `the list of referrers of ${pinnedName(subject)} does not keep what is written: ${MAX_LIST_ATTEMPTS - 1} attempts; see who else writes there, and run it again`,
      )
    })
  }

  // Attachments to one subject that are made side by side would lose each other's entry.
  private inTurn(subject: PinnedReference, work: () => Promise<void>): Promise<void> {
    const key = pinnedName(subject)
    const writer = this.writers.get(key) ?? pLimit(1)
    this.writers.set(key, writer)
    return writer(work)
  }

  private async read(subject: PinnedReference): Promise<readonly ListEntry[]> {
    const stored = await this.lists.stored(subject)
    if (stored === undefined) return []
    const name = `${repositoryName(subject)}:${referrersTag(subject.digest)}`
    if (stored.mediaType !== mediaTypes.ociIndex || stored.digest === subject.digest) {
      const got = `media type "${stored.mediaType.slice(0, 100)}" and digest ${stored.digest}`
      throw new CsscError(
        "REFERRERS_UNTRUSTED",
        `${name} is not a list of referrers: it has ${got}; nothing is attached`,
      )
    }
    const code = "REFERRERS_UNTRUSTED"
    const bounds = { code, what: name, maxBytes: MAX_MANIFEST_BYTES, maxDepth: MAX_MANIFEST_DEPTH } as const
    return checkSchema(listSchema, parseJson(stored.bytes, bounds), code, name).manifests
  }
}

function listOf(manifests: readonly ListEntry[]): string {
  return JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests })
}
