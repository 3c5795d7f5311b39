// The version in a tag. Tags are not semantic versions: `3.14-slim` is version 3.14 of the variant `slim`, not a
// pre-release of 3.14; `3.15.0rc1-slim` and `27-ea-slim` are pre-releases. Numbers that a tag leaves out count as 0,
// so `3.14` is within `>=3.14` but not within `>=3.14.1`, although it floats.
import semver from "semver"

export type TagVersion = {
  /** For semver: three numbers, and the pre-release if there is one. */
  readonly version: semver.SemVer
  /** A fourth number, as in `10.0.20348.2340`; else 0. */
  readonly revision: number
  /** What follows the version: `slim`, `alpine3.23`; else "". */
  readonly variant: string
}

const pattern = /^v?(\d{1,15})(?:\.(\d{1,15}))?(?:\.(\d{1,15}))?(?:\.(\d{1,15}))?(?:[-._+]?([A-Za-z].*)|[-_+](.+))?$/
const preRelease = /^(alpha|beta|preview|nightly|snapshot|pre|dev|rc|ea|m|a|b)(?:[._-]?(\d{1,15}))?(?=$|[-._+])/i

/** Reads the version of a tag; nothing when the tag does not start with one (`latest`, `bookworm`). */
export function parseTagVersion(tag: string): TagVersion | undefined {
  const match = pattern.exec(tag)
  if (match === null) return undefined
  const [, major = "0", minor = "0", patch = "0", revision = "0", named, numbered] = match
  const rest = named ?? numbered ?? ""
  const [stage = "", name = "", count] = preRelease.exec(rest) ?? []
  const numbers = [major, minor, patch].map(Number).join(".")
  const suffix = stage === "" ? "" : `-${name.toLowerCase()}.${Number(count ?? 0)}`
  const version = semver.parse(numbers + suffix)
  if (version === null) return undefined
  return { version, revision: Number(revision), variant: rest.slice(stage.length).replace(/^[-._+]/, "") }
}

/** Orders tags by version, lowest first, and tags of one version by name. */
export function compareTagVersions(
  left: { readonly tag: string; readonly version: TagVersion },
  right: { readonly tag: string; readonly version: TagVersion },
): number {
  const byVersion = semver.compare(left.version.version, right.version.version)
  if (byVersion !== 0) return byVersion
  const byRevision = left.version.revision - right.version.revision
  if (byRevision !== 0) return byRevision
  return left.tag < right.tag ? -1 : left.tag > right.tag ? 1 : 0
}
