// The feeds themselves. "Not in the list" only counts when the list was there and is of these days.
import type { FeedInfo, RiskData } from "../../findings/risk/risk.js"
import { formatDuration } from "../document/duration.js"
import { maxForeignClockSkew } from "../judge/clock-skew.js"
import type { Reason } from "../verdict/verdict.js"
import type { Case } from "./rule.js"

const hour = 60 * 60 * 1000

type FeedName = RiskData["problems"][number]["feed"]

export function riskFeedsRule(image: Case): Reason[] {
  const { policy, assessment } = image
  return [
    ...(policy.knownExploited === undefined
      ? []
      : feedReasons(image, "known-exploited", assessment.risk?.knownExploited?.feed)),
    ...(policy.epss === undefined ? [] : feedReasons(image, "epss", assessment.risk?.epss?.feed)),
  ]
}

function feedReasons({ policy, assessment, now }: Case, name: FeedName, feed: FeedInfo | undefined): Reason[] {
  const { maxAge, stale, missing } = policy.riskFeeds
  const problem = assessment.risk?.problems.find((one) => one.feed === name)
  if (problem !== undefined || feed === undefined || feed.entries === 0) {
    const why = problem?.message ?? (feed === undefined ? "nobody looked" : `${feed.source} has no entry`)
    return [{ code: "RISK_FEED_MISSING", effect: missing, message: `the policy asks for the feed ${name}: ${why}` }]
  }
  const age = now.getTime() - Date.parse(feed.date)
  if (age >= -maxForeignClockSkew && age <= maxAge) return []
  const old = `is ${formatDuration(Math.floor(age / hour) * hour)} old; allowed: ${formatDuration(maxAge)}`
  const what = age > maxAge ? old : "has no date of the past"
  return [{ code: "RISK_FEED_STALE", effect: stale, message: `the feed ${name} of ${feed.date} ${what}` }]
}
