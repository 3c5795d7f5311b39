// An image that is not there: whether its repository is, and which tags are near the one that was typed.
import { distance } from "fastest-levenshtein"
import { CsscError } from "../errors.js"
import { formatReference, type Reference, type Repository, repositoryName } from "../oci/reference.js"
import { selectTags } from "../oci/tags.js"
import type { Registry } from "../ports.js"

const maxNames = 3

/** The error to throw; it asks the registry for its tags once. Throws what the registry says instead, if it fails. */
export async function missingImage(registry: Pick<Registry, "tags">, reference: Reference): Promise<CsscError> {
  const listed = await registry.tags(reference)
  return new CsscError("REGISTRY_NOT_FOUND", `${formatReference(reference)} is not there: ${whyOf(reference, listed)}`)
}

/** A repository that the registry does not know: another thing than an empty one, since its name may be misspelt. */
export function unknownRepository(repository: Repository): CsscError {
  return new CsscError("REGISTRY_NOT_FOUND", unknown(repository))
}

function unknown(repository: Repository): string {
  return `the registry knows no repository ${repositoryName(repository)}, or not with these credentials: check the name and the login`
}

function whyOf(reference: Reference, listed: readonly string[] | undefined): string {
  const name = repositoryName(reference)
  if (listed === undefined) return unknown(reference)
  const { tag } = reference
  const tags = selectTags(listed)
  if (tag === undefined || tags.length === 0) return `the repository ${name} is there and has ${tags.length} image tags`
  return `the repository has ${tags.length} other tags, such as ${nearest(tag, tags).join(", ")}`
}

function nearest(tag: string, tags: readonly string[]): readonly string[] {
  const far = tags.map((name) => ({ name, far: distance(tag, name) }))
  return far
    .sort((a, b) => a.far - b.far || (a.name < b.name ? -1 : 1))
    .slice(0, maxNames)
    .map(({ name }) => name)
}
