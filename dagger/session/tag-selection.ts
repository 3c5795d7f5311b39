// Which tags are meant, as the CLI gives it: what was not given is empty there.
import { selectTags, type TagSelection } from "../../core/oci/tags.js"

export type TagArguments = {
  readonly glob: readonly string[]
  readonly exclude: readonly string[]
  readonly regex: string
  readonly semver: string
  readonly newest: number
  readonly prereleases: boolean
}

/** The selection; throws for a pattern that is none. */
export function tagSelection({ glob, exclude, regex, semver, newest, prereleases }: TagArguments): TagSelection {
  const selection = {
    glob,
    exclude,
    ...(regex === "" ? {} : { regex }),
    ...(semver === "" ? {} : { semver }),
    ...(newest === 0 ? {} : { newest, prereleases }),
  }
  selectTags([], selection)
  return selection
}
