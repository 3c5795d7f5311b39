// An image with all that is attached to it, kept outside of the registry as an OCI image layout, and looked at before
// anybody relies on it. https://github.com/opencontainers/image-spec/blob/v1.1.1/image-layout.md
import { z } from "zod"
import { CsscError } from "../errors.js"
import { digestSchema } from "../oci/descriptor.js"
import type { Digest } from "../oci/digest.js"
import { checkSchema, parseJson } from "../oci/json.js"
import { pinnedName, type PinnedReference, type Repository } from "../oci/reference.js"
import { type ArchiveRoot } from "./archive-root.js"
import type { ArchiveScope } from "./archive-scope.js"

/** Copies manifests into one layout; `T` is what the caller can keep. */
export interface Archiver<T> {
  archive(repository: Repository, roots: readonly ArchiveRoot[]): Promise<ArchivedLayout<T>>
}

export interface ArchivedLayout<T> {
  readonly content: T
  /** The text of `index.json`; undefined when it is not there. */
  index(): Promise<string | undefined>
  /** Of these digests, those whose blob is missing or has other bytes. */
  damaged(digests: readonly Digest[]): Promise<readonly Digest[]>
}

const maxIndexBytes = 16 * 1024 * 1024
const maxIndexDepth = 32
const indexSchema = z.object({ manifests: z.array(z.object({ digest: digestSchema })) })

/** Archives an image and proves that all of it is there; throws `PARITY_FAILED` when it is not. */
export async function archiveImage<T>(
  archiver: Archiver<T>,
  image: PinnedReference,
  { roots, digests }: ArchiveScope,
): Promise<T> {
  const layout = await archiver.archive(image, roots)
  const text = await layout.index()
  if (text === undefined) throw incomplete(image, "it has no index.json")
  const what = `index.json of the archive of ${pinnedName(image)}`
  const bounds = { code: "PARITY_FAILED", what, maxBytes: maxIndexBytes, maxDepth: maxIndexDepth } as const
  const { manifests } = checkSchema(indexSchema, parseJson(text, bounds), "PARITY_FAILED", what)
  const listed = new Set(manifests.map(({ digest }) => digest))
  const unlisted = roots.find(({ digest }) => !listed.has(digest))
  if (unlisted !== undefined) throw incomplete(image, `its index.json does not list ${unlisted.digest}`)
  const [damaged, ...more] = await layout.damaged(digests)
  if (damaged === undefined) return layout.content
  throw incomplete(image, `${damaged}${more.length === 0 ? "" : ` and ${more.length} more`} is missing or damaged`)
}

function incomplete(image: PinnedReference, why: string): CsscError {
  return new CsscError(
    "PARITY_FAILED",
    `the archive of ${pinnedName(image)} is not complete: ${why}; nothing was deleted`,
  )
}
