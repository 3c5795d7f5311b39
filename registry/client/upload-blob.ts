// Small blobs of our own, sent in one piece. What fails in the middle begins anew, as a whole.
// https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pushing-blobs
import { type Digest, digestOf } from "../../core/oci/digest.js"
import { bare, type Repository } from "../../core/oci/reference.js"
import { discard } from "../http/read-body.js"
import type { RegistryHttp } from "../http/registry-http.js"
import { resolveLocation } from "../http/same-registry.js"

/** POST and PUT; a registry that has the blob already takes it again. */
export async function uploadBlob(
  http: RegistryHttp,
  target: Repository,
  content: Buffer,
  action: string,
): Promise<Digest> {
  const digest = digestOf(content)
  const to = { action, repository: bare(target), right: "push" as const, once: true }
  const location = await beginUpload(http, target, action)
  location.searchParams.set("digest", digest)
  const headers = { "content-type": "application/octet-stream" }
  const put = { ...to, method: "PUT" as const, path: location, headers, body: content, expect: [201, 204] }
  await http.exchange(put, discard)
  return digest
}

/** Where an upload goes; whoever gets this may write to the repository. */
export function beginUpload(http: RegistryHttp, target: Repository, action: string): Promise<URL> {
  const post = {
    action,
    repository: bare(target),
    right: "push" as const,
    method: "POST" as const,
    path: "blobs/uploads/",
    expect: [202],
  }
  return http.exchange(post, async (answer) => {
    await discard(answer)
    return resolveLocation(answer.sent.url, answer.header("location"), action)
  })
}
