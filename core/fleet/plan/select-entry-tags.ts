// Which of a repository's tags an entry means. A pattern that matches nothing is told by itself: it is a misspelt name, or a
// version that is gone.
import { CsscError } from "../../errors.js"
import { listSome } from "../../list-some.js"
import { repositoryName } from "../../oci/reference.js"
import { selectTags } from "../../oci/tags.js"
import type { FleetEntry } from "../config/fleet.js"

/** Images of one entry: more are hardly meant, and nobody reads their plan. */
export const MAX_TAGS_OF_ENTRY = 10_000

export type SelectedTags = {
  /** In the order in which the newest are chosen when an age is asked too. */
  readonly tags: readonly string[]
  /** Why something that was asked for is not there. */
  readonly unmatched?: string
}

type Wanted = Pick<FleetEntry, "source" | "tags" | "age">

/** Throws `LIMIT_EXCEEDED`. Without the newest when an age is asked too: that is chosen among those of the right age. */
export function selectEntryTags({ source, tags: selection, age }: Wanted, listed: readonly string[]): SelectedTags {
  const { newest, ...rest } = selection
  const all = age !== undefined && newest !== undefined ? { ...rest, newest: Number.MAX_SAFE_INTEGER } : selection
  const tags = selectTags(listed, all)
  if (tags.length > MAX_TAGS_OF_ENTRY)
    throw new CsscError(
      "LIMIT_EXCEEDED",
      `${tags.length} tags of ${repositoryName(source)} are meant, more than ${MAX_TAGS_OF_ENTRY}: ask for fewer, by glob, semver or newest`,
    )
  const why = whyUnmatched(selection.glob ?? [], listed, tags.length)
  return { tags, ...(why === undefined ? {} : { unmatched: why }) }
}

function whyUnmatched(globs: readonly string[], listed: readonly string[], selected: number): string | undefined {
  const vain = globs.filter((glob) => selectTags(listed, { glob: [glob] }).length === 0)
  const number = selectTags(listed).length
  if (vain.length > 0) return `${listSome(vain, 5)}: none of the ${number} image tags is that`
  return selected > 0 ? undefined : `none of the ${number} image tags is one that was asked for`
}
