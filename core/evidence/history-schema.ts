// The mirror history as repositories carry it. Others can write to it, and older writers left fields out: a broken
// entry is passed over, since a lost entry costs one more check, while a broken document is an error.
import { z } from "zod"
import { type Digest, isDigest } from "../oci/digest.js"
import { checkSchema, isRecord, parseJson } from "../oci/json.js"

export const maxHistoryBytes = 20 * 1024 * 1024
export const maxHistoryEntries = 100_000

export type HistoryEntry = {
  readonly sourceTag: string
  readonly sourceDigest: Digest
  readonly destTag: string
  readonly syncedAt: string
  readonly runUrl: string
  readonly runId: string
  readonly runAttempt: string
  readonly force: boolean
  /** Digest over what was attached at the source, so that a new attachment to a known digest is noticed. */
  readonly referrers?: Digest
}

export type History = {
  readonly image: string
  readonly source: string
  readonly entries: readonly HistoryEntry[]
  /** Entries that could not be read; told, never written back. */
  readonly unreadable: number
}

const text = z.string().max(2048)
const optionalText = z
  .union([text, z.number().transform(String)])
  .nullish()
  .transform((value) => value ?? "")

const digestOrNothing = z.custom<Digest>((value) => typeof value === "string" && isDigest(value))

const entrySchema = z.object({
  sourceTag: z.string().min(1).max(256),
  sourceDigest: z.custom<Digest>((value) => typeof value === "string" && isDigest(value)),
  destTag: optionalText,
  syncedAt: optionalText,
  runUrl: optionalText,
  runId: optionalText,
  runAttempt: optionalText,
  force: z.union([z.boolean(), z.literal("true").transform(() => true)]).catch(false),
  referrers: digestOrNothing.exactOptional(),
})

const historySchema = z.object({
  schemaVersion: z.literal(1).nullish(),
  image: optionalText,
  source: optionalText,
  entries: z.array(z.unknown()).max(maxHistoryEntries).nullish(),
})

/** Reads a history; throws `HISTORY_INVALID` when the document is none. `what` names where it came from. */
export function parseHistory(content: string | Uint8Array, what = "the mirror history"): History {
  const value = parseJson(content, { code: "HISTORY_INVALID", what, maxBytes: maxHistoryBytes, maxDepth: 20 })
  const document = checkSchema(historySchema, value, "HISTORY_INVALID", what)
  const items = document.entries ?? []
  const entries = items.flatMap((item) => entryOf(item) ?? [])
  return {
    image: document.image,
    source: document.source,
    entries,
    unreadable: items.length - entries.length,
  }
}

function entryOf(item: unknown): HistoryEntry | undefined {
  return isRecord(item) ? entrySchema.safeParse(item).data : undefined
}
