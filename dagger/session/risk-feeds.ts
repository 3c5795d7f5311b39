// The risk feeds of a call: the file or URL that was given, else the publisher's own. Only read when the policy asks.
import type { RiskFeeds } from "../../core/ports.js"
import { fetchFeed } from "../../registry/rest/feed.js"
import type { FeedSource, Settings } from "../state/settings.js"

/** CISA's catalogue and FIRST's scores, as their publishers serve them. */
export const defaultFeeds = {
  knownExploited: "https://www.cisa.gov/sites/default/files/feeds/known_exploited_vulnerabilities.json",
  epss: "https://epss.empiricalsecurity.com/epss_scores-current.csv.gz",
} as const

export function riskFeeds({ knownExploited, epss }: Settings): RiskFeeds {
  return {
    knownExploited: () => read(knownExploited, defaultFeeds.knownExploited),
    epss: () => read(epss, defaultFeeds.epss),
  }
}

async function read({ file, url }: FeedSource, publisher: string): Promise<{ text: string; source: string }> {
  if (file !== undefined) return { text: await file.contents(), source: await file.name() }
  const { text, source } = await fetchFeed(url ?? publisher)
  return { text, source }
}
