// What can go wrong: a verdict of a machine whose clock is a little ahead is called a forgery, or one of tomorrow is
// believed.
import { describe, expect, it } from "vitest"
import { claimOf, requireClaimHolds } from "../../../core/gate/verdict-claim.js"
import { defaultPolicy } from "../../../core/policy/document/policy.js"
import { grantOverride } from "../../../core/policy/exceptions/override.js"
import { evaluate } from "../../../core/policy/judge/evaluate.js"
import { aFinding, anAssessment, aPlatform, aScan, image, now } from "../policy/build-assessment.js"

const source = { registry: "registry.example.com", repository: "quarantine/app" }
const reference = `registry.example.com/quarantine/app@${image.digest}`
const verdict = evaluate(anAssessment(undefined, { image: { ...image, reference } }), defaultPolicy(), { now })
const judgingOfVerdict = { method: verdict.method, predicateType: verdict.predicateType ?? "" }
const claimedAt = (offset: number) => () =>
  claimOf(
    { policy: defaultPolicy(), now: () => new Date(now.getTime() + offset) },
    { file: { text: JSON.stringify(verdict) }, source, judging: judgingOfVerdict },
  )
const minute = 60 * 1000

describe("claimOf", () => {
  it.each([0, -1, -5 * minute, 24 * 60 * minute])("believes a verdict when the clock is %d ms after it", (offset) => {
    expect(claimedAt(offset)().image.digest).toBe(image.digest)
  })

  it("refuses one from further ahead, and one that is too old", () => {
    expect(claimedAt(-5 * minute - 1)).toThrow(/VERDICT_UNTRUSTED.*in the future/)
    expect(claimedAt(24 * 60 * minute + 1)).toThrow("[VERDICT_STALE]")
  })
})

describe("requireClaimHolds", () => {
  it("says that an override in an unsigned file does not count", () => {
    const scan = aScan({ findings: [aFinding({ id: "CVE-2026-1", severity: "CRITICAL" })] })
    const assessment = anAssessment([aPlatform("linux/amd64", { scan })], { image: { ...image, reference } })
    const blocked = evaluate(assessment, defaultPolicy(), { now })
    const expires = new Date(now.getTime() + 60 * minute).toISOString()
    const who = { approver: "ada", reason: "fix is due", reference: "https://issues.example/7" }
    const override = grantOverride({ verdict: blocked, ...who, cves: [...blocked.remaining], expires }, now)
    const approved = evaluate(assessment, defaultPolicy(), { now, override })
    const claim = claimOf(
      { policy: defaultPolicy(), now: () => now },
      { file: { text: JSON.stringify(approved) }, source, judging: judgingOfVerdict },
    )
    const holds = (again: typeof blocked) => () => requireClaimHolds(claim, again)
    expect(holds(approved)).not.toThrow()
    expect(holds(blocked)).toThrow(/VERDICT_UNTRUSTED.*override in it counts only in a file that a trusted key signed/)
  })
})
