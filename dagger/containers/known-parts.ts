// The parts of an image as far as manifests that were read in this call name them: nothing is asked for to count them.
import { contentFailure } from "../../core/errors.js"
import type { Descriptor } from "../../core/oci/descriptor.js"
import type { Digest } from "../../core/oci/digest.js"
import { blobsOf, childDigests, type Manifest, parseManifest } from "../../core/oci/manifest.js"
import { pinnedName, type PinnedReference } from "../../core/oci/reference.js"
import type { Content } from "../../registry/client/digest-memory.js"
import { SHORT_DIGEST } from "./copied-parts.js"

export type KnownParts = {
  /** Bytes by the first digits of a digest. */
  readonly bytes: ReadonlyMap<string, number>
  /** Manifests that a copy reads, at least. */
  readonly manifests: number
  /** Bytes of all parts, what is attached aside; only when every manifest was read. */
  readonly size?: number
}

type Remembered = (reference: PinnedReference) => Promise<Content> | undefined

export async function knownParts(root: PinnedReference, remembered: Remembered): Promise<KnownParts> {
  const bytes = new Map<string, number>()
  const seen = new Set<Digest>([root.digest])
  let whole = true
  for (let level: readonly Digest[] = [root.digest]; level.length > 0;) {
    const read = await Promise.all(level.map((digest) => readKnown({ ...root, digest }, remembered)))
    const found = read.filter((manifest) => manifest !== undefined)
    whole &&= found.length === read.length
    for (const manifest of found) {
      bytes.set(shortOf(manifest.digest), manifest.size)
      for (const { digest, size } of descriptorsOf(manifest)) bytes.set(shortOf(digest), size)
    }
    const children = found.flatMap((manifest) => (manifest.kind === "index" ? [...childDigests(manifest)] : []))
    level = [...new Set(children)].filter((digest) => !seen.has(digest))
    for (const digest of level) seen.add(digest)
  }
  const size = [...bytes.values()].reduce((sum, one) => sum + one, 0)
  return { bytes, manifests: seen.size, ...(whole ? { size } : {}) }
}

// What cannot be read is counted without a size; the copy itself will say what is wrong with it.
async function readKnown(reference: PinnedReference, remembered: Remembered): Promise<Manifest | undefined> {
  const content = await remembered(reference)
  if (content === undefined || content.mediaType === "") return undefined
  try {
    return parseManifest(content.bytes, { reference: pinnedName(reference), digest: reference.digest })
  } catch (error) {
    contentFailure(error)
    return undefined
  }
}

function descriptorsOf(manifest: Manifest): readonly Descriptor[] {
  if (manifest.kind === "image") return blobsOf(manifest)
  const entries = [...manifest.platforms, ...manifest.attestations].map(({ descriptor }) => descriptor)
  return [...entries, ...manifest.artifacts, ...manifest.others]
}

function shortOf(digest: Digest): string {
  return digest.slice(digest.indexOf(":") + 1).slice(0, SHORT_DIGEST)
}
