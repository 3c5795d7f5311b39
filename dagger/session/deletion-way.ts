// How images of a registry are deleted: a token given for its API decides, else the registry's own DELETE.
import type { DeletionWay } from "../../core/delete/delete-image.js"
import { CsscError } from "../../core/errors.js"
import { canonicalRegistry, type Repository, repositoryName } from "../../core/oci/reference.js"
import { dockerHub } from "../../registry/rest/docker-hub.js"
import { ghcrPackages } from "../../registry/rest/ghcr-packages.js"
import type { Settings } from "../state/settings.js"

export async function deletionWay({ deleteTokens }: Settings, repository: Repository): Promise<DeletionWay> {
  const name = repositoryName(repository)
  const fitting = deleteTokens.filter(({ address }) => name === address || name.startsWith(`${address}/`))
  const given = fitting.toSorted((a, b) => b.address.length - a.address.length)[0]
  const needsToken: Readonly<Record<string, string>> = {
    "ghcr.io": "GitHub's Packages API",
    "docker.io": "Docker Hub's API",
  }
  const api = needsToken[canonicalRegistry(repository.registry)]
  if (given === undefined) {
    if (api === undefined) return { kind: "oci" }
    return {
      kind: "none",
      reason: `${repository.registry} deletes only through ${api}: pass a token by with-delete-token`,
    }
  }
  const token = (await given.secret.plaintext()).trim()
  if (repository.registry === "docker.io") return hubWay(token)
  if (repository.registry !== "ghcr.io" && given.apiUrl === undefined)
    throw new CsscError(
      "ARGUMENT_INVALID",
      `a delete token for ${repository.registry} needs apiUrl: only ghcr.io and docker.io are known`,
    )
  return {
    kind: "ghcr",
    packages: ghcrPackages({ token, ...(given.apiUrl === undefined ? {} : { apiUrl: given.apiUrl }) }),
  }
}

// Docker Hub wants the user's name with the token: both come as "name:token".
function hubWay(token: string): DeletionWay {
  const colon = token.indexOf(":")
  if (colon <= 0)
    throw new CsscError("CREDENTIALS_INVALID", 'the delete token for docker.io must be "user:access-token"')
  const hub = dockerHub({ identifier: token.slice(0, colon), secret: token.slice(colon + 1) })
  return { kind: "docker-hub", deleteTag: (repository, tag) => hub.deleteTag(repository, tag) }
}
