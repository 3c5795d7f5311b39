// References as they stand in messages and in paths.
import { pinnedName, type Reference, repositoryName } from "../../core/oci/reference.js"

/** The digest decides: a tag beside it is left out. */
export function nameOf(reference: Reference): string {
  if (reference.digest !== undefined) return pinnedName({ ...reference, digest: reference.digest })
  return reference.tag === undefined ? repositoryName(reference) : `${repositoryName(reference)}:${reference.tag}`
}

/** The last part of a manifest's path; without a name it is what registries call "latest". */
export function lastPart({ digest, tag }: Reference): string {
  return digest ?? tag ?? "latest"
}
