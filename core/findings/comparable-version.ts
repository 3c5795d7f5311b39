// Versions that the scanner can compare with an advisory's. One that it cannot parse it passes over in silence, with exit
// code 0; so what does not match the grammar here, which is never wider than the scanner's, was not assessed.
// https://github.com/aquasecurity/trivy/blob/v0.73.0/pkg/detector/library/driver.go and pkg/detector/ospkg
import semver from "semver"

const maxLength = 256
/** Digits that fit into 64 bits: with more, the scanner fails or takes another number. */
const tooManyDigits = /\d{19}/
/** A commit, which some grammars take for a version that begins with its first digits. */
const commit = /^(?=.*[a-f])[0-9a-f]{7,64}$/i

// https://semver.org, without the `v` that semver's own function allows.
const isSemver = (version: string) => /^\d\S*$/.test(version) && semver.valid(version) !== null
// github.com/aquasecurity/go-version, for ecosystems that are like semver: any number of parts, a `v` allowed. It takes
// letters without a dash as well, and so a commit for a version.
const loose = /^v?\d+(?:\.\d+)*(?:-[0-9A-Za-z~-]+(?:\.[0-9A-Za-z~-]+)*)?(?:\+[0-9A-Za-z~-]+(?:\.[0-9A-Za-z~-]+)*)?$/
const isLoose = (version: string) => loose.test(version)
// https://packaging.python.org/en/latest/specifications/version-specifiers/, without `+spN`: those are looked up among
// the advisories of one vendor alone (Seal Security).
const python =
  /^v?(?:\d+!)?\d+(?:\.\d+)*(?:[-_.]?(?:alpha|a|beta|b|preview|pre|c|rc)[-_.]?\d*)?(?:-\d+|[-_.]?(?:post|rev|r)[-_.]?\d*)?(?:[-_.]?dev[-_.]?\d*)?(?:\+[a-z0-9]+(?:[-_.][a-z0-9]+)*)?$/i
const oneVendors = /\+sp\d+(?:p\d+)?$/
const isPython = (version: string) => python.test(version) && !oneVendors.test(version)
// Anything is a version to Maven, but what does not begin with a number is older than all that does.
const isMaven = (version: string) => /^\d[0-9A-Za-z._+-]*$/.test(version) && !oneVendors.test(version)
// https://github.com/rubygems/rubygems/blob/v3.6.0/lib/rubygems/version.rb. Any letters are a pre-release there, also a
// platform after a dash (`1.2-java`) and the `x` of a range.
const isGem = (version: string) =>
  /^\d+(?:\.\d+)*(?:\.?(?:a|alpha|b|beta|dev|pre|preview|rc)\d*(?:\.\d+)*)?$/i.test(version)
const isPod = (version: string) => /^\d+(?:\.[0-9A-Za-z]+)*(?:-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?$/.test(version)
// https://www.debian.org/doc/debian-policy/ch-controlfields.html#version
const isDebian = (version: string) => /^(?:\d{1,9}:)?\d(?:[0-9A-Za-z.+~-]*[0-9A-Za-z.+~])?$/.test(version)
// https://rpm-software-management.github.io/rpm/manual/dependencies.html#versioning
const isRpm = (version: string) =>
  /^(?:\d{1,9}:)?[0-9A-Za-z][0-9A-Za-z._+~^]*(?:-[0-9A-Za-z][0-9A-Za-z._+~^]*)?$/.test(version)
// https://gitlab.alpinelinux.org/alpine/apk-tools/-/blob/v2.14.4/src/version.c
const isApk = (version: string) =>
  /^\d+(?:\.\d+)*[a-z]?(?:_(?:alpha|beta|pre|rc|cvs|svn|git|hg|p)\d*)*(?:-r\d+)?$/.test(version)

const grammars: ReadonlyMap<string, (version: string) => boolean> = new Map([
  ["apk", isApk],
  ["bitnami", isSemver],
  ["bottlerocket", isRpm],
  ["cargo", isLoose],
  ["cocoapods", isPod],
  ["composer", isLoose],
  ["conan", isLoose],
  ["deb", isDebian],
  ["gem", isGem],
  ["golang", isLoose],
  ["hex", isLoose],
  ["julia", isLoose],
  ["k8s", isLoose],
  ["maven", isMaven],
  ["npm", isSemver],
  ["nuget", isLoose],
  ["pub", isLoose],
  ["pypi", isPython],
  ["rpm", isRpm],
  ["swift", isLoose],
])

/** Tells whether the scanner can compare a version of a package of a purl type. */
export function isComparable(purlType: string, version: string): boolean {
  if (version.length > maxLength || tooManyDigits.test(version) || commit.test(version)) return false
  return grammars.get(purlType)?.(version) ?? false
}
