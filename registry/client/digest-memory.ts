// What has a digest is read once: it cannot change. Those who ask for the same at the same time share one request.
// For the time of one call, and bounded: what does not fit is read again.
import type { Digest } from "../../core/oci/digest.js"
import type { Repository } from "../../core/oci/reference.js"

/** Bytes of one manifest or blob that is remembered, and of all. */
export const MAX_REMEMBERED_BYTES = 8 * 1024 * 1024
export const MAX_MEMORY_BYTES = 256 * 1024 * 1024

export type Content = { readonly bytes: Buffer; readonly mediaType: string }

/** Repositories are kept apart: that one has a digest says nothing of another. */
export class DigestMemory {
  private readonly kept = new Map<string, Promise<Content>>()
  private readonly underWay = new Map<string, Promise<Content>>()
  private size = 0

  /** The content that was read before, is being read, or is read now; a failure is forgotten. */
  once(repository: Repository, digest: Digest, read: () => Promise<Content>): Promise<Content> {
    const key = keyOf(repository, digest)
    const known = this.kept.get(key) ?? this.underWay.get(key)
    if (known !== undefined) return known
    const reading = read()
    this.underWay.set(key, reading)
    const done = () => void this.underWay.delete(key)
    reading.then((content) => this.keep(key, reading, content)).then(done, done)
    return reading
  }

  /** What is remembered, without a request. */
  known(repository: Repository, digest: Digest): Promise<Content> | undefined {
    return this.kept.get(keyOf(repository, digest))
  }

  /** What was deleted is not there any more. */
  forget(repository: Repository, digest: Digest): void {
    this.kept.delete(keyOf(repository, digest))
  }

  private keep(key: string, reading: Promise<Content>, { bytes }: Content): void {
    if (bytes.length > MAX_REMEMBERED_BYTES || this.size + bytes.length > MAX_MEMORY_BYTES) return
    this.size += bytes.length
    this.kept.set(key, reading)
  }
}

function keyOf({ registry, repository }: Repository, digest: Digest): string {
  return `${registry}/${repository}@${digest}`
}
