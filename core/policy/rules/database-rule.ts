// The vulnerability database. Trivy scans with any database, however old, so its age is checked here.
import { formatDuration } from "../document/duration.js"
import { maxForeignClockSkew } from "../judge/clock-skew.js"
import type { Reason } from "../verdict/verdict.js"
import type { Case } from "./rule.js"

const hour = 60 * 60 * 1000

export function databaseRule({ assessment, policy, now }: Case): Reason[] {
  const { stale, unknown, maxAge } = policy.database
  const { database } = assessment
  if (database === undefined) {
    return [
      { code: "DATABASE_UNKNOWN", effect: unknown, message: "nothing says which vulnerability database was used" },
    ]
  }
  const age = now.getTime() - Date.parse(database.updatedAt)
  if (Number.isNaN(age) || age < -maxForeignClockSkew) {
    const message = `the vulnerability database's date ${database.updatedAt} is not one of the past`
    return [{ code: "DATABASE_UNKNOWN", effect: unknown, message }]
  }
  if (age <= maxAge) return []
  const hours = formatDuration(Math.floor(age / hour) * hour)
  const message = `the vulnerability database of ${database.updatedAt} is ${hours} old; allowed: ${formatDuration(maxAge)}`
  return [{ code: "DATABASE_STALE", effect: stale, message }]
}
