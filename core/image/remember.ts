// One look at an image reads the same manifests and listings for several questions: SBOM, attestations, VEX. Within
// that look each is asked for once. Writes and everything that a tag decides go straight through.
import { formatReference } from "../oci/reference.js"
import type { Registry } from "../ports.js"
import type { DocumentReader } from "./attached-documents.js"

/** A registry for the time of one assessment; never longer, since listings change. */
export function rememberReads(registry: DocumentReader): DocumentReader {
  const once = <T>(memory: Map<string, Promise<T>>, key: string, read: () => Promise<T>): Promise<T> => {
    const known = memory.get(key)
    if (known !== undefined) return known
    const asked = read()
    memory.set(key, asked)
    return asked
  }
  const manifests = new Map<string, Promise<string | undefined>>()
  const trees = new Map<string, ReturnType<Registry["referrers"]>>()
  const blobs = new Map<string, Promise<Buffer>>()
  return {
    manifest: (reference) =>
      reference.digest === undefined
        ? registry.manifest(reference)
        : once(manifests, formatReference(reference), () => registry.manifest(reference)),
    referrers: (reference) => once(trees, formatReference(reference), () => registry.referrers(reference)),
    blob: (repository, blob) =>
      once(blobs, `${repository.registry}/${repository.repository}@${blob.digest}`, () =>
        registry.blob(repository, blob),
      ),
    resolve: (reference) => registry.resolve(reference),
  }
}
