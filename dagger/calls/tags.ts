// The image tags of a repository.
import { CsscError } from "../../core/errors.js"
import { unknownRepository } from "../../core/image/missing-image.js"
import { parseRepository, repositoryName } from "../../core/oci/reference.js"
import { selectTags } from "../../core/oci/tags.js"
import { begin } from "../session/session.js"
import { type TagArguments, tagSelection } from "../session/tag-selection.js"
import type { State } from "../state/state.js"

export type TagsArguments = TagArguments & { readonly repository: string; readonly requireTags: boolean }

export async function runTags(state: State, args: TagsArguments): Promise<string[]> {
  const { session, repository, selection } = await begin(state, {
    repository: () => parseRepository(args.repository),
    selection: () => tagSelection(args),
  })
  const listed = await session.registry.tags(repository)
  if (listed === undefined) throw unknownRepository(repository)
  const tags = [...selectTags(listed, selection)]
  if (tags.length > 0) return tags
  const why = `none of its ${listed.length} tags is an image tag that was asked for`
  const name = repositoryName(repository)
  if (args.requireTags) throw new CsscError("REGISTRY_NOT_FOUND", `${name} has no tags to work on: ${why}`)
  console.error(`cssc: ${name}: no tags: ${why}`)
  return []
}
