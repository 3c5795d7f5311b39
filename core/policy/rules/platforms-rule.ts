// Platforms that must be there. An image without any platform proves nothing and never passes.
import { listSome } from "../../list-some.js"
import { matchesPlatform } from "../exceptions/platform-match.js"
import type { Reason } from "../verdict/verdict.js"
import { type Case } from "./rule.js"

export function platformsRule({ assessment, policy }: Case): Reason[] {
  const names = assessment.platforms.map(({ platform }) => platform)
  return [...noInput(names), ...missing(names, policy.platforms.kind === "all" ? [] : policy.platforms.platforms)]
}

function noInput(names: readonly string[]): Reason[] {
  if (names.length > 0) return []
  return [{ code: "NO_INPUT", effect: "block", message: "there is no platform and no report to judge" }]
}

function missing(names: readonly string[], required: readonly string[]): Reason[] {
  const there = names.length === 0 ? "none" : listSome([...names].sort())
  return [...new Set(required)]
    .sort()
    .filter((wanted) => !names.some((name) => matchesPlatform(wanted, name)))
    .map((wanted) => {
      const message = `${wanted}: the policy requires this platform; the image has ${there}`
      return { code: "PLATFORM_MISSING", effect: "block", platform: wanted, message }
    })
}
