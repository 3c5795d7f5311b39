// The feeds reduced to what is about one image: its assessment is stored and replayed, the feeds are not.
import type { Finding } from "../finding.js"
import type { RiskData } from "./risk.js"
import type { EpssFeed } from "./risk-epss.js"
import type { KnownExploitedFeed } from "./risk-known-exploited.js"

export { type EpssFeed, readEpss } from "./risk-epss.js"
export { type KnownExploitedFeed, readKnownExploited } from "./risk-known-exploited.js"

/** The feeds that could be read, and why the others could not. */
export type RiskFeedSet = {
  readonly knownExploited?: KnownExploitedFeed | undefined
  readonly epss?: EpssFeed | undefined
  readonly problems?: RiskData["problems"]
}

/** Only the entries of vulnerabilities that the image has, by id or alias; sorted. */
export function selectRisk(feeds: RiskFeedSet, findings: readonly Pick<Finding, "id" | "aliases">[]): RiskData {
  const names = findings.flatMap(({ id, aliases }) => [id, ...aliases].map((name) => name.toUpperCase()))
  const ids = [...new Set(names)].sort()
  const pick = <T>(entries: ReadonlyMap<string, T>) => ids.flatMap((name) => entries.get(name) ?? [])
  const { knownExploited, epss, problems = [] } = feeds
  return {
    ...(knownExploited === undefined
      ? {}
      : { knownExploited: { feed: knownExploited.feed, entries: pick(knownExploited.entries) } }),
    ...(epss === undefined ? {} : { epss: { feed: epss.feed, scores: pick(epss.scores) } }),
    problems,
  }
}
