// GitHub's Packages API: the only way to delete from ghcr.io, whose registry answers 405 to DELETE.
// https://docs.github.com/en/rest/packages/packages?apiVersion=2022-11-28
// A version is one digest with all of its tags. Nothing here can delete a package: that call does not exist.
import { z } from "zod"
import { CsscError } from "../../core/errors.js"
import { isDigest } from "../../core/oci/digest.js"
import { type HttpClient, httpClient, type HttpOptions } from "../../rest/http.js"
import { findNextLink } from "../../rest/page-link.js"
import { parseAnswer } from "../../rest/parse-answer.js"
import { explainRefusal } from "./ghcr-refusal.js"

export type GhcrOptions = Pick<HttpOptions, "retry" | "timeoutMs" | "plainHttp"> & {
  readonly token: string
  readonly apiUrl?: string
}

const versionSchema = z
  .looseObject({
    id: z.int().positive(),
    name: z.string().refine(isDigest, "is not a digest"),
    metadata: z.looseObject({ container: z.looseObject({ tags: z.array(z.string().max(128)).max(1000) }) }),
  })
  .transform(({ id, name, metadata }) => ({ id, digest: name, tags: metadata.container.tags }))
const versionsSchema = z.array(versionSchema).max(100)
const ownerSchema = z.looseObject({ type: z.enum(["User", "Organization"]) })
const loginSchema = z.looseObject({ login: z.string() })

/** One version of a container package. */
export type GhcrVersion = z.infer<typeof versionSchema>
export type GhcrPackages = {
  /** Every version with its digest and tags; throws `REGISTRY_NOT_FOUND` for an unknown or hidden package. */
  listVersions(owner: string, name: string): Promise<GhcrVersion[]>
  /** Deletes one digest with all of its tags; a refusal is an error that names what to do. */
  deleteVersion(owner: string, name: string, id: number): Promise<void>
}

const pageSize = 100
/** 20,000 versions: a package with more is listed incompletely, so nothing of it may be deleted. */
export const maxVersionPages = 200
const ownerPattern = /^[a-z0-9][a-z0-9_-]{0,99}$/i
const namePattern = /^[a-z0-9][a-z0-9._-]*(?:\/[a-z0-9][a-z0-9._-]*)*$/

/** Makes the client; the token stays in its closure. */
export function ghcrPackages(options: GhcrOptions): GhcrPackages {
  const { token, apiUrl = "https://api.github.com", ...http } = options
  if (token.trim() === "") throw new CsscError("CREDENTIALS_INVALID", "the token for deleting from ghcr.io is empty")
  const headers = { accept: "application/vnd.github+json", "x-github-api-version": "2022-11-28" }
  const client = httpClient({ ...http, baseUrl: apiUrl, token: () => token, headers })
  const owners = new Map<string, string>()
  const versionsPath = async (owner: string, name: string) => {
    checkNames(owner, name)
    const known = owners.get(owner) ?? (await resolveOwner(client, owner))
    owners.set(owner, known)
    return `${known}/packages/container/${encodeURIComponent(name)}/versions`
  }
  return {
    listVersions: async (owner, name) => listVersions(client, await versionsPath(owner, name), `${owner}/${name}`),
    async deleteVersion(owner, name, id) {
      const path = `${await versionsPath(owner, name)}/${id}`
      await client.request("DELETE", path).catch((error: unknown) => {
        throw explainRefusal(error, `ghcr.io/${owner}/${name} version ${id}`)
      })
    },
  }
}

/** Names go into a path: nothing that a URL reads as another path gets there. */
function checkNames(owner: string, name: string): void {
  if (ownerPattern.test(owner) && namePattern.test(name) && name.length <= 255) return
  throw new CsscError("REFERENCE_INVALID", `"${owner}/${name}" is not a repository of ghcr.io: expected owner/name`)
}

/** The three faces of an owner; a user's own packages are at `/user`, where a token needs no further right. */
async function resolveOwner(client: HttpClient, owner: string): Promise<string> {
  const answer = await client.request("GET", `users/${owner}`).catch((error: unknown) => {
    throw explainRefusal(error, `ghcr.io/${owner}`)
  })
  if (parseAnswer(ownerSchema, answer.body, `users/${owner}`).type === "Organization") return `orgs/${owner}`
  const login = await client.request("GET", "user").then(
    ({ body }) => loginSchema.safeParse(body).data?.login,
    () => undefined, // a token of an app or a workflow has no user: GitHub answers 403
  )
  return login?.toLowerCase() === owner.toLowerCase() ? "user" : `users/${owner}`
}

async function listVersions(client: HttpClient, path: string, what: string): Promise<GhcrVersion[]> {
  const versions: GhcrVersion[] = []
  let next: string | undefined = `${path}?per_page=${pageSize}`
  for (let page = 0; next !== undefined; page++) {
    if (page === maxVersionPages) {
      throw new CsscError("LIMIT_EXCEEDED", `ghcr.io/${what} has more than ${maxVersionPages * pageSize} versions`)
    }
    const answer = await client.request("GET", next).catch((error: unknown) => {
      throw explainRefusal(error, `ghcr.io/${what}`)
    })
    versions.push(...parseAnswer(versionsSchema, answer.body, path))
    next = findNextLink(answer.headers["link"])
  }
  return versions
}
