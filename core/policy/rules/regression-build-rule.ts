// What the image was built from and when, against the promoted one: an older build, or another operating system.
import type { PlatformAssessment } from "../../findings/assessment.js"
import type { Baseline, BaselinePlatform } from "../../findings/baseline.js"
import type { RegressionPolicy } from "../document/policy.js"
import { matchesPlatform } from "../exceptions/platform-match.js"
import type { JudgedPlatform } from "../judge/judged-platform.js"
import type { Reason } from "../verdict/verdict.js"
import { type Case, platformReason } from "./rule.js"

/** Reproducible builds write the epoch, or the first day of ZIP's calendar: no date at all. */
const firstRealDate = Date.parse("1980-01-02T00:00:00Z")

type Pair = readonly [PlatformAssessment, BaselinePlatform]

/** Older on every platform whose two dates are known: one rebuilt late is no rollback. */
export function rollbackReasons({ assessment }: Case, baseline: Baseline, { rollback }: RegressionPolicy): Reason[] {
  const dated = assessment.platforms
    .flatMap((platform) => pairsOf(platform, baseline))
    .flatMap(([now, before]) => {
      const [ours, theirs] = [dateOf(now.created), dateOf(before.created)]
      return ours === undefined || theirs === undefined ? [] : [{ ours, theirs }]
    })
  if (dated.length === 0 || dated.some(({ ours, theirs }) => ours >= theirs)) return []
  const newest = (times: number[]) => new Date(times.reduce((a, b) => Math.max(a, b))).toISOString()
  const [ours, theirs] = [newest(dated.map((one) => one.ours)), newest(dated.map((one) => one.theirs))]
  const message = `the image was built at ${ours}, before the promoted one (${theirs}): it would be rolled back`
  return [{ code: "ROLLBACK", effect: rollback, message }]
}

/** Another family or release; a point release of one is not a change. */
export function baseOsReasons(judged: JudgedPlatform, baseline: Baseline, { baseOs }: RegressionPolicy): Reason[] {
  const { scan } = judged.assessment
  if (scan === undefined) return []
  const now = scan.os === undefined ? "" : `${scan.os.family} ${scan.os.name}`.trim()
  return pairsOf(judged.assessment, baseline).flatMap(([, { os = "" }]) => {
    if (releaseOf(now) === releaseOf(os)) return []
    const text = `the operating system is ${now || "none"}; the promoted image has ${os || "none"}`
    return [platformReason(judged, "BASE_OS_CHANGED", baseOs, text)]
  })
}

function pairsOf(platform: PlatformAssessment, { platforms }: Baseline): Pair[] {
  return platforms
    .filter((one) => one.platform === platform.platform || matchesPlatform(one.platform, platform.platform))
    .map((before) => [platform, before])
}

function dateOf(created: string | undefined): number | undefined {
  const time = Date.parse(created ?? "")
  return Number.isNaN(time) || time < firstRealDate ? undefined : time
}

/** How many parts of the version name the release, as scanners choose their advisories; all parts where unknown. */
const releaseParts: ReadonlyMap<string, number> = new Map([
  ["alma", 1],
  ["alpine", 2],
  ["amazon", 1],
  ["centos", 1],
  ["debian", 1],
  ["oracle", 1],
  ["redhat", 1],
  ["rocky", 1],
])

function releaseOf(os: string): string {
  const [family = "", version = ""] = os.toLowerCase().split(/\s+/, 2)
  return `${family} ${version.split(".").slice(0, releaseParts.get(family)).join(".")}`
}
