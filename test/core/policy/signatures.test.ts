// What can go wrong: unsigned evidence decides, a stranger's signature counts, a revoked key counts in a replay, a key
// for other images counts here, tampered evidence hides behind an intact copy, nobody looked and that passes for signed.
import { describe, expect, it } from "vitest"
import type { SignatureFact } from "../../../core/attestation/signature.js"
import { unsigned } from "../../../core/attestation/signature.js"
import type { AttestationFact, PlatformAssessment, Problem, SbomSource } from "../../../core/findings/assessment.js"
import { digestOf } from "../../../core/oci/digest.js"
import { defaultPolicy, type Effect, type Policy, type TrustedPublisher } from "../../../core/policy/document/policy.js"
import { evaluate } from "../../../core/policy/judge/evaluate.js"
import { isTrustedSignature } from "../../../core/policy/judge/trusted-signature.js"
import { anAssessment, aPlatform, codesOf, image, messageOf, now } from "./build-assessment.js"

const acme: TrustedPublisher = {
  publisher: "acme",
  keys: [{ pem: "-", fingerprint: "key-1" }],
  identities: [{ issuer: "https://issuer.example.com", subject: "release@acme" }],
  images: [],
}
const byAcme: SignatureFact = { status: "verified", publisher: "acme", key: "key-1" }
const invalid: SignatureFact = { status: "invalid", reason: "digest differs" }
const provenance = "https://slsa.dev/provenance/v1"

const policyOf = (more: Partial<Policy> = {}): Policy => ({ ...defaultPolicy(), trusted: [acme], ...more })
const signed = (signatures: Partial<Policy["signatures"]>, more: Partial<Policy> = {}) =>
  policyOf({ signatures: { ...defaultPolicy().signatures, ...signatures }, ...more })
const anSbom = (more: Partial<SbomSource> = {}): SbomSource => ({
  predicateType: "https://cyclonedx.org/bom/v1.6",
  referrer: digestOf("sbom referrer"),
  blob: digestOf("sbom"),
  envelope: "dsse",
  format: "cyclonedx",
  components: 10,
  ...more,
})
const anAttestation = (more: Partial<AttestationFact> = {}): AttestationFact => ({
  predicateType: provenance,
  referrer: digestOf("provenance"),
  signature: byAcme,
  ...more,
})
const judge = (platform: Partial<PlatformAssessment>, policy: Policy, more: Parameters<typeof anAssessment>[1] = {}) =>
  evaluate(anAssessment([aPlatform("linux/amd64", platform)], more), policy, { now })

describe("a signature", () => {
  it.each<[string, SignatureFact | undefined, Partial<TrustedPublisher>, boolean]>([
    ["by a trusted key", byAcme, {}, true],
    ["by our own key", { status: "verified", publisher: "", key: "own" }, {}, true],
    ["by a keyless identity", { ...byAcme, key: "https://issuer.example.com release@acme" }, {}, true],
    ["by a key that the policy dropped since", { ...byAcme, key: "key-0" }, {}, false],
    ["by a publisher that the policy does not name", { ...byAcme, publisher: "globex" }, {}, false],
    ["that names no key", { status: "verified", publisher: "acme" }, {}, false],
    ["that names no publisher", { status: "verified", key: "key-1" }, {}, false],
    ["by a key for these images", byAcme, { images: ["registry.example.com/**"] }, true],
    ["by a key for other images", byAcme, { images: ["registry.example.com/golden/*"] }, false],
    ["that is not there", unsigned, {}, false],
    ["by nobody known", { status: "untrusted", publisher: "acme", key: "key-1" }, {}, false],
    ["that does not verify", { ...byAcme, status: "invalid" }, {}, false],
    ["that nobody looked for", undefined, {}, false],
  ])("%s counts or not", (_, fact, more, expected) => {
    const policy = policyOf({ trusted: [{ ...acme, ...more }] })
    expect(isTrustedSignature(fact, policy, image.reference)).toBe(expected)
  })
})

describe("the SBOM that was scanned", () => {
  it.each<[string, SignatureFact | undefined, Effect, string[]]>([
    ["signed", byAcme, "block", []],
    ["unsigned", unsigned, "block", ["EVIDENCE_UNSIGNED"]],
    ["unsigned, told only", unsigned, "report", []],
    ["signed by a stranger", { status: "untrusted" }, "block", ["EVIDENCE_UNSIGNED"]],
    ["signed by a key that the policy dropped", { ...byAcme, key: "key-0" }, "block", ["EVIDENCE_UNSIGNED"]],
    ["tampered with", invalid, "report", ["SIGNATURE_INVALID"]],
    ["of a time when nobody looked", undefined, "block", ["EVIDENCE_UNSIGNED"]],
    ["of a time when nobody looked, told only", undefined, "report", []],
  ])("%s: blocks by policy", (_, signature, effect, codes) => {
    const sbom = anSbom(signature === undefined ? {} : { signature })
    const verdict = judge({ sbom }, signed({ sbom: effect }))
    expect(codesOf(verdict, "block")).toEqual(codes)
    expect(verdict.passed).toBe(codes.length === 0)
  })

  it("says nothing when nobody looked and it would only be told", () => {
    expect(judge({ sbom: anSbom() }, signed({ sbom: "report" })).reasons).toEqual([])
  })

  it("blocks a scan through an SBOM that nobody names, and asks nothing of a scan of the file system", () => {
    expect(codesOf(judge({}, signed({ sbom: "block" })), "block")).toEqual(["EVIDENCE_UNSIGNED"])
    expect(judge({}, signed({ sbom: "block" }), { method: "image" }).reasons).toEqual([])
  })

  it("is shown in the verdict as the policy sees it", () => {
    const row = (signature: SignatureFact) => judge({ sbom: anSbom({ signature }) }, policyOf()).platforms[0]
    expect(row(byAcme)?.sbomSignature).toEqual(byAcme)
    expect(row({ ...byAcme, key: "key-0" })?.sbomSignature).toMatchObject({ status: "untrusted", key: "key-0" })
  })

  it("does not decide where its platform does not", () => {
    const policy = signed({ sbom: "block" }, { platforms: { kind: "only", platforms: ["linux/arm64"] } })
    const platforms = [
      aPlatform("linux/amd64", { sbom: anSbom({ signature: invalid }) }),
      aPlatform("linux/arm64", { sbom: anSbom({ signature: byAcme }) }),
    ]
    expect(evaluate(anAssessment(platforms), policy, { now }).passed).toBe(true)
  })
})

describe("what stands beside the SBOM that was used", () => {
  const other = (signature: SignatureFact) => ({ referrer: digestOf("other"), blob: digestOf("other blob"), signature })
  const problem = (signature?: SignatureFact, code: Problem["code"] = "SBOM_UNREADABLE"): Problem => ({
    ...{ code, message: "SBOM sha256:0 is not usable" },
    ...(signature === undefined ? {} : { signature }),
  })
  const beside = (used: SignatureFact, ...problems: Problem[]) =>
    judge({ sbom: anSbom({ signature: used }), problems }, policyOf())

  it("is named and stops the image when it was tampered with, though the used one is intact", () => {
    const verdict = judge(
      { sbom: anSbom({ signature: byAcme }), otherSboms: [other(unsigned), other(invalid)] },
      policyOf(),
    )
    expect(codesOf(verdict, "block")).toEqual(["SIGNATURE_INVALID"])
    expect(messageOf(verdict, "SIGNATURE_INVALID")).toContain(`the SBOM ${digestOf("other")}, which was not used,`)
    const alone = judge({ otherSboms: [other(invalid)], problems: [problem(invalid)] }, policyOf())
    expect(codesOf(alone, "block")).toContain("SIGNATURE_INVALID")
  })

  it.each<Problem["code"]>(["SBOM_UNREADABLE", "SBOM_FOREIGN_SUBJECT", "SBOM_EMPTY", "SBOM_AMBIGUOUS"])(
    "is only told when nobody trusted signed it, and somebody trusted the used one: %s",
    (code) => {
      const strangers: SignatureFact[] = [unsigned, { status: "untrusted" }, { ...byAcme, publisher: "globex" }]
      const verdict = beside(byAcme, ...strangers.map((signature) => problem(signature, code)))
      expect(verdict).toMatchObject({ outcome: "promote", platforms: [{ missingSbom: false }] })
      expect(codesOf(verdict, "report")).toContain("MISSING_SBOM")
    },
  )

  it.each<[string, SignatureFact, SignatureFact | undefined]>([
    ["nobody trusted signed the used one", unsigned, unsigned],
    ["the used one was signed for other images", { ...byAcme, publisher: "globex" }, unsigned],
    ["it was signed by somebody trusted", byAcme, byAcme],
    ["it is no fault of an attachment", byAcme, undefined],
  ])("stops the image when %s", (_, used, signature) => {
    const verdict = beside(used, problem(signature))
    expect(verdict).toMatchObject({ outcome: "blocked-missing-sbom", platforms: [{ missingSbom: true }] })
  })

  it("stops the image again once the key of the used one is revoked, from the same assessment", () => {
    const assessment = anAssessment([
      aPlatform("linux/amd64", { sbom: anSbom({ signature: byAcme }), problems: [problem(unsigned)] }),
    ])
    expect(evaluate(assessment, policyOf(), { now }).passed).toBe(true)
    expect(evaluate(assessment, policyOf({ trusted: [] }), { now }).outcome).toBe("blocked-missing-sbom")
  })

  it("is no excuse for a scan that is missing", () => {
    const { scan: _scan, ...platform } = aPlatform("linux/amd64", { sbom: anSbom({ signature: byAcme }) })
    const verdict = evaluate(anAssessment([{ ...platform, problems: [problem(unsigned)] }]), policyOf(), { now })
    expect(codesOf(verdict, "block")).toEqual(["SCAN_FAILED"])
  })
})

describe("required attestations", () => {
  const policy = signed({ evidence: "block" }, { evidence: { required: [provenance], copy: "all" } })
  const withFacts = (...signatures: SignatureFact[]) => {
    const attestations = signatures.map((signature, at) => anAttestation({ signature, referrer: digestOf(`${at}`) }))
    return judge({ attestations }, policy)
  }

  it("pass when one of several is trusted", () => {
    expect(withFacts(unsigned, byAcme, { status: "untrusted" }).reasons).toEqual([])
  })

  it("block when none is trusted", () => {
    const verdict = withFacts(unsigned, { ...byAcme, publisher: "globex" })
    expect(codesOf(verdict, "block")).toEqual(["EVIDENCE_UNSIGNED"])
    expect(messageOf(verdict, "EVIDENCE_UNSIGNED")).toContain(`the required attestation ${provenance}`)
  })

  it("block for a tampered one even beside a trusted one", () => {
    expect(codesOf(withFacts(byAcme, invalid), "block")).toEqual(["SIGNATURE_INVALID"])
  })

  it("are missing, not unsigned, when there are none", () => {
    expect(codesOf(withFacts(), "block")).toEqual(["EVIDENCE_MISSING"])
  })
})

describe("the image's own signature", () => {
  const judgeImage = (policy: Policy, signature?: SignatureFact) =>
    evaluate(anAssessment(undefined, signature === undefined ? {} : { signature }), policy, { now })

  it("is nobody's business unless the policy asks", () => {
    expect(judgeImage(policyOf(), unsigned).reasons).toEqual([])
  })

  it.each<[string, SignatureFact | undefined, string[]]>([
    ["trusted", byAcme, []],
    ["unsigned", unsigned, ["EVIDENCE_UNSIGNED"]],
    ["unknown, since nobody looked", undefined, ["EVIDENCE_UNSIGNED"]],
    ["invalid", invalid, ["SIGNATURE_INVALID"]],
  ])("blocks or passes when it is %s", (_, signature, codes) => {
    expect(codesOf(judgeImage(signed({ image: "block" }), signature), "block")).toEqual(codes)
  })

  it("blocks when it does not verify, though nobody asked for one", () => {
    expect(codesOf(judgeImage(policyOf(), invalid), "block")).toEqual(["SIGNATURE_INVALID"])
  })
})

describe("the age of evidence", () => {
  const hour = 60 * 60 * 1000
  const policy = policyOf({ evidence: { required: [provenance], copy: "all", maxAge: 48 * hour } })
  const both = (sbom: string | undefined, ...dates: (string | undefined)[]) =>
    judge(
      {
        sbom: anSbom(sbom === undefined ? {} : { created: sbom }),
        attestations: dates.map((created, at) =>
          anAttestation({ referrer: digestOf(`${at}`), ...(created === undefined ? {} : { created }) }),
        ),
      },
      policy,
    )
  const fresh = "2026-06-14T12:00:00Z"

  it("does not matter unless the policy says so", () => {
    expect(judge({ sbom: anSbom({ created: "1999-01-01T00:00:00Z" }) }, policyOf()).passed).toBe(true)
  })

  it.each<[string, string | undefined, (string | undefined)[], string[]]>([
    ["both are fresh", fresh, [fresh], []],
    ["both are as old as allowed", "2026-06-13T12:00:00Z", [fresh], []],
    ["the SBOM is older", "2026-06-13T11:59:59Z", [fresh], ["EVIDENCE_STALE"]],
    ["the SBOM has no date", undefined, [fresh], ["EVIDENCE_STALE"]],
    ["the SBOM is from the future", "2026-06-16T12:00:00Z", [fresh], ["EVIDENCE_STALE"]],
    ["a newer one of the required type is fresh", fresh, ["2026-01-01T00:00:00Z", fresh, undefined], []],
    ["all of the required type are old or undated", fresh, ["2026-01-01T00:00:00Z", undefined], ["EVIDENCE_STALE"]],
  ])("%s", (_, sbom, dates, codes) => {
    expect(codesOf(both(sbom, ...dates), "block")).toEqual(codes)
  })

  it("is not saved by a fresh attestation that nobody trusts", () => {
    const attestations = [
      anAttestation({ created: "2026-01-01T00:00:00Z" }),
      anAttestation({ created: fresh, signature: unsigned, referrer: digestOf("planted") }),
    ]
    const verdict = judge({ sbom: anSbom({ created: fresh }), attestations }, policy)
    expect(messageOf(verdict, "EVIDENCE_STALE")).toContain("2026-01-01")
  })
})
