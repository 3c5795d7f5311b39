// What a case says of the world around its image: the risk feeds, and the image that is promoted already.
import type { PlatformAssessment } from "../../findings/assessment.js"
import type { BaselineResult } from "../../findings/baseline.js"
import type { FeedInfo, RiskData } from "../../findings/risk/risk.js"
import { digestOf } from "../../oci/digest.js"
import { findingName } from "../judge/compare-with-baseline.js"
import type { Given } from "./policy-case.js"

/** As many entries as a real feed has at least. */
const feedEntries = 1000
const promotedName = "the promoted image of the case"

/** Feeds are there, of `date`, and say nothing but what the case names. */
export function riskOf(given: Given, date: string): RiskData {
  const { "known-exploited": exploited = [], epss = {} } = given
  const feed: FeedInfo = { source: "case", digest: digestOf("case"), date, entries: feedEntries }
  const dateAdded = date.slice(0, 10)
  return {
    ...(exploited === "missing"
      ? {}
      : { knownExploited: { feed, entries: exploited.map((id) => ({ id, dateAdded, ransomware: false })) } }),
    ...(epss === "missing"
      ? {}
      : { epss: { feed, scores: Object.entries(epss).map(([id, score]) => ({ id, score, percentile: score })) } }),
    problems: [
      ...(exploited === "missing" ? [{ feed: "known-exploited", message: "missing, says the case" } as const] : []),
      ...(epss === "missing" ? [{ feed: "epss", message: "missing, says the case" } as const] : []),
    ],
  }
}

/** The promoted image is the same one, but for the findings and platforms that the case names. */
export function baselineOf({ promoted = {} }: Given, platforms: readonly PlatformAssessment[]): BaselineResult {
  if (promoted === "none") return { kind: "none", reference: promotedName }
  const known = promoted.findings === undefined ? undefined : new Set(promoted.findings)
  const same = platforms.map(({ platform, digest, scan }) => ({
    platform,
    digest,
    ...(scan?.os === undefined ? {} : { os: `${scan.os.family} ${scan.os.name}` }),
    findings: (scan?.findings ?? [])
      .filter(({ id }) => known?.has(id) ?? true)
      .map((finding) => ({
        id: finding.id,
        package: findingName(finding).slice(finding.id.length + 1),
        severity: finding.severity,
      })),
    packages: scan?.packageNames ?? [],
  }))
  const dropped = (promoted.platforms ?? []).filter((name) => !platforms.some(({ platform }) => platform === name))
  const more = dropped.map((platform) => ({ platform, digest: digestOf(platform), findings: [], packages: [] }))
  const kept =
    promoted.platforms === undefined ? same : same.filter(({ platform }) => promoted.platforms?.includes(platform))
  return {
    kind: "compared",
    baseline: { reference: promotedName, digest: digestOf(promotedName), platforms: [...kept, ...more] },
  }
}
