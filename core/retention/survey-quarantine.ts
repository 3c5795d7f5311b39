// What is in a quarantine, and since when: all tags, what each stands for, the mirror history, and our signed acquisition
// provenance. What cannot be read of one image makes its age unknown, which keeps it; what cannot be listed stops all.
import pLimit from "p-limit"
import { readSnapshot } from "../acquire/history.js"
import { readAcquisitions, type SignedAcquisition } from "../assess/acquisitions.js"
import type { TagEntry } from "../delete/deletion-input.js"
import { imageTags, listTagDigests } from "../delete/repository-inventory.js"
import { readFailure } from "../errors.js"
import type { History } from "../evidence/history-schema.js"
import type { DocumentReader, VerifyingReader } from "../image/attached-documents.js"
import { readManifest } from "../image/read-manifest.js"
import type { Digest } from "../oci/digest.js"
import { bare, parseReference, type Repository, repositoryName } from "../oci/reference.js"
import type { Operation } from "../operation.js"
import { type Age, ageOf, type DatedBy } from "./ages.js"

export type Survey = {
  readonly tags: readonly TagEntry[]
  readonly ages: ReadonlyMap<Digest, Age>
  readonly recorded: ReadonlyMap<Digest, ReadonlySet<string>>
  /** The manifest that holds the history; undefined when there is none. */
  readonly historyDigest?: Digest
}

/** Images whose provenance is read at once. */
const IMAGES_AT_ONCE = 16

type SurveyOperation = Pick<Operation, "registry" | "trust" | "now">

/** `reads` is what manifests and listings are read through. */
export async function surveyQuarantine(
  operation: SurveyOperation,
  repository: Repository,
  reads: DocumentReader,
): Promise<Survey> {
  const { registry, trust, now } = operation
  const { history, digest } = await readSnapshot(registry, repository)
  const tags = await listTagDigests(registry, repository)
  const limit = pLimit(IMAGES_AT_ONCE)
  const digests = [...new Set(imageTags(tags).map((one) => one.digest))]
  const ages = digests.map((image) =>
    limit(
      async () =>
        [image, await readAge({ registry: reads, trust }, repository, image, { history, now: now() })] as const,
    ),
  )
  return {
    tags,
    ages: new Map(await Promise.all(ages)),
    recorded: recordedIn(history),
    ...(digest === undefined ? {} : { historyDigest: digest }),
  }
}

async function readAge(
  reader: VerifyingReader,
  repository: Repository,
  digest: Digest,
  { history, now }: { readonly history: History; readonly now: Date },
): Promise<Age> {
  const recorded = history.entries.filter(({ sourceDigest }) => sourceDigest === digest)
  const inHistory = recorded.map(({ syncedAt }): DatedBy => ({ source: "history", time: syncedAt }))
  try {
    const signed = await readProvenance(reader, repository, digest)
    return ageOf([...signed, ...inHistory], now)
  } catch (error) {
    return { kind: "unknown", why: `its provenance could not be read: ${readFailure(error).reason}` }
  }
}

// Of the image as a whole: its platforms came with it.
async function readProvenance(reader: VerifyingReader, repository: Repository, digest: Digest): Promise<DatedBy[]> {
  const reference = { ...bare(repository), digest }
  const manifest = await readManifest(reader.registry, reference)
  const read = await readAcquisitions(reader, { reference, manifest, platforms: [] })
  return read.flatMap((one) => {
    const { acquiredAt } = one
    return acquiredAt !== undefined && isInto(one, repository) ? [{ source: "provenance", time: acquiredAt }] : []
  })
}

// An image that came through another quarantine brings the provenance of that one along, which is older.
function isInto({ destination }: SignedAcquisition, repository: Repository): boolean {
  if (destination === undefined) return false
  try {
    return repositoryName(parseReference(destination.reference)) === repositoryName(repository)
  } catch (error) {
    readFailure(error)
    return false
  }
}

function recordedIn({ entries }: History): ReadonlyMap<Digest, ReadonlySet<string>> {
  const recorded = new Map<Digest, Set<string>>()
  for (const { sourceDigest, sourceTag, destTag } of entries)
    recorded.set(sourceDigest, (recorded.get(sourceDigest) ?? new Set()).add(destTag === "" ? sourceTag : destTag))
  return recorded
}
