// Docker Hub's API: the way to delete a tag there, since its registry deletes only what nothing refers to.
// https://docs.docker.com/reference/api/hub/latest/
import { z } from "zod"
import { CsscError } from "../../core/errors.js"
import { httpClient, type HttpOptions } from "../../rest/http.js"
import { HttpStatusError } from "../../rest/http-error.js"
import { parseAnswer } from "../../rest/parse-answer.js"

export type DockerHubOptions = Pick<HttpOptions, "retry" | "timeoutMs" | "plainHttp"> & {
  /** User or organisation name. */
  readonly identifier: string
  /** Personal or organisation access token, with the right to delete. */
  readonly secret: string
  readonly apiUrl?: string
}

export type DockerHub = {
  /** Removes one tag of `namespace/name`; the manifest goes when it was the last. Throws `REGISTRY_NOT_FOUND`. */
  deleteTag(repository: string, tag: string): Promise<void>
}

const loginSchema = z.looseObject({ access_token: z.string().min(1) })
const repositoryPattern = /^[a-z0-9][a-z0-9._-]*\/[a-z0-9][a-z0-9._-]*$/
const tagPattern = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/

/** Makes the client; it logs in at the first use, and once more when the token (10 minutes) has expired. */
export function dockerHub(options: DockerHubOptions): DockerHub {
  const { identifier, secret, apiUrl = "https://hub.docker.com", ...http } = options
  if (identifier.trim() === "" || secret.trim() === "") {
    throw new CsscError("CREDENTIALS_INVALID", "the user name or the token for deleting from docker.io is empty")
  }
  let token: string | undefined
  const client = httpClient({ ...http, baseUrl: apiUrl, token: () => token, secrets: [secret] })
  const login = async () => {
    token = undefined
    const answer = await client.request("POST", "v2/auth/token", { identifier, secret })
    token = parseAnswer(loginSchema, answer.body, "v2/auth/token").access_token
  }
  return {
    async deleteTag(repository, tag) {
      const path = tagPath(repository, tag)
      const isFresh = token === undefined
      if (isFresh) await login()
      try {
        await client.request("DELETE", path)
      } catch (error) {
        if (isFresh || !(error instanceof HttpStatusError) || error.status !== 401) throw error
        await login()
        await client.request("DELETE", path)
      }
    },
  }
}

function tagPath(repository: string, tag: string): string {
  if (!repositoryPattern.test(repository) || !tagPattern.test(tag)) {
    throw new CsscError(
      "REFERENCE_INVALID",
      `"${repository}:${tag}" is not a tag of docker.io: expected namespace/name:tag`,
    )
  }
  return `v2/repositories/${repository}/tags/${tag}/`
}
