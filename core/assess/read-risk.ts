// What the policy's risk feeds say of the findings of an image. A feed that cannot be read is told, never fatal: the
// policy says what its absence does.
import { readFailure } from "../errors.js"
import type { Assessment } from "../findings/assessment.js"
import type { RiskData } from "../findings/risk/risk.js"
import { readEpss, readKnownExploited, selectRisk } from "../findings/risk/risk-feeds.js"
import type { Policy } from "../policy/document/policy.js"
import type { RiskFeeds } from "../ports.js"

export async function readRisk(
  feeds: RiskFeeds | undefined,
  policy: Policy,
  { platforms }: Pick<Assessment, "platforms">,
): Promise<RiskData | undefined> {
  if (feeds === undefined || (policy.knownExploited === undefined && policy.epss === undefined)) return undefined
  const problems: RiskData["problems"][number][] = []
  const attempt = async <T>(feed: "known-exploited" | "epss", read: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await read()
    } catch (error) {
      problems.push({ feed, message: readFailure(error).reason })
      return undefined
    }
  }
  const known = async () => {
    const { text, source } = await feeds.knownExploited()
    return readKnownExploited(text, source)
  }
  const scores = async () => {
    const { text, source } = await feeds.epss()
    return readEpss(text, source)
  }
  const [knownExploited, epss] = await Promise.all([
    policy.knownExploited === undefined ? undefined : attempt("known-exploited", known),
    policy.epss === undefined ? undefined : attempt("epss", scores),
  ])
  const findings = platforms.flatMap(({ scan }) => [...(scan?.findings ?? []), ...(scan?.suppressed ?? [])])
  return selectRisk({ knownExploited, epss, problems }, findings)
}
