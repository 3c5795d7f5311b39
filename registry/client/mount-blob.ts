// Asks a registry to take a blob over from another of its repositories, so that no byte travels.
// https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#mounting-a-blob-from-another-repository
import type { Digest } from "../../core/oci/digest.js"
import { bare, pinnedName, type Repository } from "../../core/oci/reference.js"
import type { CopiedParts } from "../../core/ports.js"
import { RegistryError } from "../failure/registry-error.js"
import { discard } from "../http/read-body.js"
import type { RegistryHttp } from "../http/registry-http.js"

export type BlobMount = {
  readonly from: Repository
  readonly to: Repository
  readonly digest: Digest
  /** Bytes, as its descriptor has them. */
  readonly size: number
}

/**
 * False when the registry offers an upload instead, or will not have it: it need not mount, or not for us. What is mounted is
 * counted with the request.
 */
export async function mountBlob(http: RegistryHttp, { from, to, digest, size }: BlobMount): Promise<boolean> {
  const query = new URLSearchParams({ mount: digest, from: from.repository })
  const request = {
    action: `mount the blob ${pinnedName({ ...bare(to), digest })}`,
    repository: bare(to),
    alsoRead: from.repository,
    right: "push" as const,
    method: "POST" as const,
    path: `blobs/uploads/?${query.toString()}`,
    expect: [201, 202],
  }
  try {
    return await http.exchange(request, async (answer) => {
      await discard(answer)
      if (answer.status !== 201) return false
      answer.exchange.copied = mounted(size)
      return true
    })
  } catch (error) {
    if (error instanceof RegistryError && !error.retry) return false
    throw error
  }
}

function mounted(bytes: number): CopiedParts {
  return { moved: 0, mounted: 1, present: 0, movedBytes: 0, mountedBytes: bytes, unsized: 0 }
}
