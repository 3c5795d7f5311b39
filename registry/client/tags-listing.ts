// The tags of a repository: https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#listing-tags
import { z } from "zod"
import { checkSchema, parseJson } from "../../core/oci/json.js"
import { type Repository, repositoryName } from "../../core/oci/reference.js"
import type { RegistryHttp } from "../http/registry-http.js"
import { MAX_LISTING_BYTES, readPages } from "./listing-pages.js"

export const MAX_TAGS = 1_000_000

const maxDepth = 8
const tagsSchema = z.object({
  tags: z
    .array(z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/, "expected a tag"))
    .nullish()
    .transform((tags) => tags ?? []),
})

export function listTags(http: RegistryHttp, { registry, repository }: Repository): Promise<readonly string[]> {
  const action = `list the tags of ${repositoryName({ registry, repository })}`
  const what = `the list of tags of ${repositoryName({ registry, repository })}`
  const request = {
    action,
    repository: { registry, repository },
    right: "pull" as const,
    method: "GET" as const,
    path: "tags/list",
    headers: { accept: "application/json" },
    expect: [200],
  }
  const parse = (bytes: Buffer) => {
    const value = parseJson(bytes, { code: "REGISTRY_REFUSED", what, maxBytes: MAX_LISTING_BYTES, maxDepth })
    return checkSchema(tagsSchema, value, "REGISTRY_REFUSED", what).tags
  }
  return readPages(http, request, parse, MAX_TAGS)
}
