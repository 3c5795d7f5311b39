// How old the evidence is. Old documents are honest about an image that has changed in meaning since: what was not
// known then is not in them. One without a date, or with a date of the future, could be of any age.
import type { AttestationFact } from "../../findings/assessment.js"
import { formatDuration } from "../document/duration.js"
import type { Policy } from "../document/policy.js"
import { maxForeignClockSkew } from "../judge/clock-skew.js"
import type { JudgedPlatform } from "../judge/judged-platform.js"
import { isTrustedSignature } from "../judge/trusted-signature.js"
import type { Reason } from "../verdict/verdict.js"
import { type Case, platformReason } from "./rule.js"
import { attestationsOf } from "./signatures-rule.js"

const hour = 60 * 60 * 1000

export function evidenceAgeRule({ assessment, platforms, policy, now }: Case): Reason[] {
  const { maxAge, required } = policy.evidence
  if (maxAge === undefined) return []
  return platforms.flatMap((judged) => {
    const { sbom, scan } = judged.assessment
    const scanned = sbom !== undefined || (assessment.method === "sbom" && scan !== undefined)
    const dates: [string, string | undefined][] = [
      ...(scanned ? [["the SBOM", sbom?.created] as [string, string | undefined]] : []),
      ...newestOf(judged, required, policy, assessment.image.reference),
    ]
    return dates.flatMap(([what, created]) => {
      const why = staleness(created, maxAge, now)
      return why === undefined ? [] : [platformReason(judged, "EVIDENCE_STALE", "block", `${what} ${why}`)]
    })
  })
}

// The newest of each required type counts, among those that are trusted where one is.
function newestOf(
  judged: JudgedPlatform,
  required: readonly string[],
  policy: Policy,
  reference: string,
): [string, string | undefined][] {
  return [...new Set(required)].sort().flatMap((type) => {
    const found = attestationsOf(judged, type)
    const trusted = found.filter(({ signature }) => isTrustedSignature(signature, policy, reference))
    const newest = (trusted.length > 0 ? trusted : found).reduce<AttestationFact | undefined>(newer, undefined)
    return newest === undefined ? [] : [[`the required attestation ${type}`, newest.created]]
  })
}

function newer(a: AttestationFact | undefined, b: AttestationFact): AttestationFact {
  const time = ({ created = "" }: AttestationFact) => Date.parse(created) || -Infinity
  return a !== undefined && time(a) >= time(b) ? a : b
}

function staleness(created: string | undefined, maxAge: number, now: Date): string | undefined {
  const age = now.getTime() - Date.parse(created ?? "")
  if (Number.isNaN(age)) return "does not say when it was made"
  if (age < -maxForeignClockSkew) return `is dated ${created}, which is in the future`
  if (age <= maxAge) return undefined
  return `of ${created} is ${formatDuration(Math.floor(age / hour) * hour)} old; allowed: ${formatDuration(maxAge)}`
}
