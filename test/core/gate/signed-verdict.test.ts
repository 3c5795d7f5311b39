// What can go wrong: a verdict that was compared with the promoted image is judged again without it; results that were
// signed by a key which counts no more still count as ours.
import { describe, expect, it } from "vitest"
import { trustStore } from "../../../core/attestation/trust-store.js"
import { canonicalJson } from "../../../core/findings/canonical-json.js"
import { baselineIn, replaySigned } from "../../../core/gate/signed-verdict.js"
import { digestOf } from "../../../core/oci/digest.js"
import { parseReference } from "../../../core/oci/reference.js"
import { defaultPolicy } from "../../../core/policy/document/policy.js"
import { evaluate } from "../../../core/policy/judge/evaluate.js"
import { aFinding, anAssessment, aPlatform, aScan, image, messageOf, now } from "../policy/build-assessment.js"
import { anAttachedVex } from "../policy/build-vex.js"

describe("baselineIn", () => {
  const promoted = digestOf("promoted")
  const reference = `registry.example.com/golden/app@${promoted}`
  const judged = (baseline: NonNullable<Parameters<typeof anAssessment>[1]>["baseline"]) =>
    evaluate(anAssessment(undefined, baseline === undefined ? {} : { baseline }), defaultPolicy(), { now })

  it("is the image that a verdict was compared with, by its digest", () => {
    const verdict = judged({ kind: "compared", baseline: { reference, digest: promoted, platforms: [] } })
    expect(baselineIn(verdict)).toEqual({
      registry: "registry.example.com",
      repository: "golden/app",
      digest: promoted,
    })
  })

  it("is nothing where nothing was compared", () => {
    expect(baselineIn(judged(undefined))).toBeUndefined()
    expect(baselineIn(judged({ kind: "none", reference }))).toBeUndefined()
  })
})

describe("replaySigned", () => {
  const report = "{}"
  const [key, otherKey] = ["own-key", "rotated-key"]
  const vex = {
    documents: [anAttachedVex({ signature: { status: "verified", publisher: "", key } })],
    problems: [],
    products: [],
  }
  const scan = aScan({ findings: [aFinding()], report: digestOf(report) })
  const assessment = anAssessment([aPlatform("linux/amd64", { scan })], { vex })
  const verdict = evaluate(assessment, defaultPolicy(), { now })
  const pinned = { ...parseReference(image.reference), digest: image.digest }
  const files = [
    { name: "assessment.json", text: canonicalJson(assessment) },
    { name: "r.json", text: report },
  ]
  const replay = (ownKeys: readonly string[]) => {
    const trust = trustStore({ keys: ownKeys.map((fingerprint) => ({ fingerprint, pem: "", publisher: "" })) })
    return replaySigned({ policy: defaultPolicy(), trust, now: () => now }, { verdict, image: pinned, files }).verdict
  }

  it("counts what a key of ours signed while the key is ours", () => {
    expect(verdict.passed).toBe(true)
    expect(canonicalJson(replay([otherKey, key]))).toBe(canonicalJson(verdict))
    expect(canonicalJson(replay([key]))).toBe(canonicalJson(verdict))
  })

  it("does not count a key that was ours, and changes neither the policy nor what was found", () => {
    for (const ownKeys of [[otherKey], []]) {
      const again = replay(ownKeys)
      expect(again).toMatchObject({ passed: false, remaining: ["CVE-2026-1"] })
      expect(messageOf(again, "VEX_UNTRUSTED")).toContain("this key is not one of the gate's own any more")
      expect([again.policy, again.assessment]).toEqual([verdict.policy, verdict.assessment])
    }
  })
})
