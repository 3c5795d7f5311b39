// Which tags of a repository to work on.
import { RE2JS } from "re2js"
import semver from "semver"
import { CsscError } from "../errors.js"
import { compileGlob, MAX_GLOB_ALTERNATIVES } from "./glob.js"
import { isReservedTag } from "./reserved-tags.js"
import { compareTagVersions, parseTagVersion, type TagVersion } from "./tag-version.js"

export const MAX_TAGS = 100_000
export const MAX_PATTERN_LENGTH = 256
export const MAX_PATTERNS = 100

/** All conditions must hold; within `glob`, one is enough. */
export type TagSelection = {
  readonly glob?: readonly string[]
  readonly exclude?: readonly string[]
  /** Must match the whole tag. RE2: whoever names tags must not be able to make a pattern backtrack. */
  readonly regex?: string
  /** Must not match the whole tag. */
  readonly excludeRegex?: string
  /** A range of versions as npm writes it; tags without a version are out. See tag-version.ts. */
  readonly semver?: string
  /** Only the highest n versions; tags without a version are out, and so are pre-releases, unless they or a range are asked for. */
  readonly newest?: number
  /** Let the newest be pre-releases too; left out: no. */
  readonly prereleases?: boolean
}

// Of github.com/distribution/reference; a registry that lists anything else must not get it into a command line.
const tagPattern = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/

/**
 * Selects tags and drops the reserved ones. In the order of code points, each once; with `newest`, highest version
 * first. Throws `ARGUMENT_INVALID` for a bad pattern, and `LIMIT_EXCEEDED`.
 */
export function selectTags(tags: readonly string[], selection: TagSelection = {}): readonly string[] {
  if (tags.length > MAX_TAGS) {
    throw new CsscError("LIMIT_EXCEEDED", `the repository has ${tags.length} tags: at most ${MAX_TAGS} are read`)
  }
  const conditions = [...globConditions(selection), ...regexConditions(selection), ...rangeCondition(selection)]
  const newest = checkNewest(selection.newest)
  const candidates = [...new Set(tags)].filter((tag) => tagPattern.test(tag) && !isReservedTag(tag))
  const selected = candidates.filter((tag) => conditions.every((holds) => holds(tag)))
  return newest === undefined
    ? selected.sort()
    : newestFirst(selected, selection.prereleases === true || selection.semver !== undefined).slice(0, newest)
}

type Condition = (tag: string) => boolean

function globConditions({ glob, exclude }: TagSelection): readonly Condition[] {
  const wanted = compileGlobs("glob", glob ?? [])
  const unwanted = compileGlobs("exclude", exclude ?? [])
  return [
    ...(wanted.length === 0 ? [] : [(tag: string) => wanted.some((matches) => matches(tag))]),
    (tag) => !unwanted.some((matches) => matches(tag)),
  ]
}

function compileGlobs(name: string, patterns: readonly string[]): readonly Condition[] {
  if (patterns.length > MAX_PATTERNS) throw invalid(`${name} has ${patterns.length} patterns: at most ${MAX_PATTERNS}`)
  return patterns.map((pattern) => {
    checkPattern(name, pattern)
    // A leading "!" is no negation: that is what exclude is for.
    const matches = compileGlob(pattern)
    if (matches === undefined)
      throw invalid(`${name} has a pattern with more than ${MAX_GLOB_ALTERNATIVES} alternatives`)
    return matches
  })
}

function regexConditions({ regex, excludeRegex }: TagSelection): readonly Condition[] {
  const wanted = regex === undefined ? undefined : compileRegex("regex", regex)
  const unwanted = excludeRegex === undefined ? undefined : compileRegex("exclude-regex", excludeRegex)
  return [
    ...(wanted === undefined ? [] : [wanted]),
    ...(unwanted === undefined ? [] : [(tag: string) => !unwanted(tag)]),
  ]
}

// Upstream chooses the tags, and 128 characters are enough for a pattern such as (a+)+$ to take for ever in an engine that
// backtracks. https://github.com/google/re2/wiki/Syntax
function compileRegex(name: string, regex: string): Condition {
  checkPattern(name, regex)
  try {
    const pattern = RE2JS.compile(regex)
    return (tag) => pattern.matches(tag)
  } catch (cause) {
    throw invalid(`${name} "${regex}" is not a regular expression of RE2: ${(cause as Error).message}`)
  }
}

function rangeCondition({ semver: text }: TagSelection): readonly Condition[] {
  if (text === undefined) return []
  checkPattern("semver", text)
  if (semver.validRange(text) === null) {
    throw invalid(`semver "${text}" is not a range of versions, for example ">=3.13 <4"`)
  }
  const range = new semver.Range(text)
  return [
    (tag) => {
      const found = parseTagVersion(tag)
      return found !== undefined && range.test(found.version)
    },
  ]
}

function checkPattern(name: string, pattern: string): void {
  if (pattern === "") throw invalid(`${name} has an empty pattern`)
  if (pattern.length > MAX_PATTERN_LENGTH) throw invalid(`${name} has a pattern longer than ${MAX_PATTERN_LENGTH}`)
}

function checkNewest(newest: number | undefined): number | undefined {
  if (newest === undefined || (Number.isSafeInteger(newest) && newest > 0)) return newest
  throw invalid(`newest is ${newest}: expected a whole number of at least 1`)
}

function newestFirst(tags: readonly string[], prereleases: boolean): readonly string[] {
  const versioned = tags.flatMap((tag): { tag: string; version: TagVersion }[] => {
    const version = parseTagVersion(tag)
    const wanted = version !== undefined && (prereleases || version.version.prerelease.length === 0)
    return wanted ? [{ tag, version }] : []
  })
  return versioned.sort((left, right) => compareTagVersions(right, left)).map(({ tag }) => tag)
}

function invalid(reason: string): CsscError {
  return new CsscError("ARGUMENT_INVALID", reason)
}
