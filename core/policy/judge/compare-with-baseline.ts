// The image against the promoted one, as the scanner reported both with the same database: a difference is a change of
// the image, not of what the world knows.
import type { Assessment, PlatformAssessment } from "../../findings/assessment.js"
import type { Baseline, BaselinePlatform } from "../../findings/baseline.js"
import type { Finding } from "../../findings/finding.js"
import { purlName } from "../../sbom/purl.js"
import { matchesPlatform } from "../exceptions/platform-match.js"
import type { Regression } from "../verdict/verdict.js"

/** `id package`: one vulnerability of one package, whatever its version. */
export function findingName({ id, purl, package: name }: Finding): string {
  return `${id} ${purlName(purl === "" ? undefined : purl, name)}`
}

/** What is new, gone and the same; undefined when there is nothing to compare with. Lists are over all platforms. */
export function compareWithBaseline({ baseline: result, platforms }: Assessment): Regression | undefined {
  if (result?.kind !== "compared") return undefined
  const { baseline } = result
  const pairs = platforms.map((platform) => [platform, baselineOf(baseline, platform.platform)] as const)
  const now = new Set(platforms.flatMap(findingNames))
  const fresh = new Set(pairs.flatMap(([platform, before]) => newIn(findingNames(platform), namesOf(before))))
  const kept = baseline.platforms.filter(({ platform }) => isThere(platform, platforms))
  const packages = new Set(platforms.flatMap(({ scan }) => scan?.packageNames ?? []))
  return {
    baseline: baseline.reference,
    digest: baseline.digest,
    newFindings: [...fresh].sort(),
    fixedFindings: sortedSet(namesOf(kept).filter((name) => !now.has(name))),
    sameFindings: now.size - fresh.size,
    newPackages: sortedSet(pairs.flatMap(([platform, before]) => newPackages(platform, before))),
    removedPackages: sortedSet(kept.flatMap((one) => one.packages ?? []).filter((name) => !packages.has(name))),
    droppedPlatforms: droppedPlatforms(baseline, platforms),
  }
}

/** The baseline's side of a platform; for one that is new, all of its platforms. */
export function baselineOf(baseline: Baseline, platform: string): readonly BaselinePlatform[] {
  const same = baseline.platforms.filter((one) => isSame(one.platform, platform))
  return same.length > 0 ? same : baseline.platforms
}

/** The names of the baseline's findings. */
export function namesOf(platforms: readonly BaselinePlatform[]): string[] {
  return platforms.flatMap(({ findings }) => findings.map((one) => `${one.id} ${one.package}`))
}

/** Packages that the baseline does not have; none when one of the two scans did not list them. */
export function newPackages({ scan }: PlatformAssessment, before: readonly BaselinePlatform[]): string[] {
  if (scan?.packageNames === undefined || before.some(({ packages }) => packages === undefined)) return []
  return newIn(
    scan.packageNames,
    before.flatMap(({ packages }) => packages ?? []),
  )
}

function droppedPlatforms(baseline: Baseline, platforms: readonly PlatformAssessment[]): string[] {
  return sortedSet(baseline.platforms.map(({ platform }) => platform).filter((name) => !isThere(name, platforms)))
}

function findingNames({ scan }: PlatformAssessment): string[] {
  return (scan?.findings ?? []).map(findingName)
}

function newIn(names: readonly string[], before: readonly string[]): string[] {
  const known = new Set(before)
  return names.filter((name) => !known.has(name))
}

function isThere(name: string, platforms: readonly PlatformAssessment[]): boolean {
  return platforms.some(({ platform }) => isSame(name, platform))
}

// `unknown` names no platform, and is still itself.
function isSame(a: string, b: string): boolean {
  return a === b || matchesPlatform(a, b)
}

function sortedSet(names: readonly string[]): string[] {
  return [...new Set(names)].sort()
}
