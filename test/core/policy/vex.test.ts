// What can go wrong: a document that nobody trusts suppresses, an old statement beats its retraction, a contradiction is
// settled by chance, what cannot be used passes in silence, a suppressed finding disappears or uses up an exception.
import { describe, expect, it } from "vitest"
import { digestOf } from "../../../core/oci/digest.js"
import { defaultPolicy, type Policy, type TrustedPublisher } from "../../../core/policy/document/policy.js"
import { evaluate } from "../../../core/policy/judge/evaluate.js"
import { parseVerdict } from "../../../core/policy/verdict/parse-verdict.js"
import type { VexDocument, VexInput, VexStatement } from "../../../core/vex/vex-document.js"
import { aFinding, anAssessment, codesOf, image, messageOf, now, withFindings } from "./build-assessment.js"
import { aboutProduct, anAttachedVex, aStatement, aVex, bash, withVex } from "./build-vex.js"

const acme: TrustedPublisher = {
  publisher: "acme",
  keys: [{ pem: "-", fingerprint: "key-1" }],
  identities: [{ issuer: "https://issuer.example.com", subject: "vex@acme" }],
  images: [],
}
const policyOf = (vex: Partial<Policy["vex"]> = {}, more: Partial<Policy> = {}): Policy => {
  const base = defaultPolicy()
  return { ...base, trusted: [acme], ...more, vex: { ...base.vex, ...vex } }
}
const one = () => [withFindings("linux/amd64", aFinding())]
const judge = (documents: readonly VexDocument[], policy = policyOf(), more: Partial<VexInput> = {}) =>
  evaluate(withVex(one(), documents, more), policy, { now })
const states = (...statements: VexStatement[]) => judge([aVex(statements)])
const at = (timestamp: string, status: VexStatement["status"], more: Partial<VexStatement> = {}) =>
  aStatement({ timestamp, status, ...more })

describe("a finding that VEX suppresses", () => {
  it("stays in the verdict, with who, why and where", () => {
    const verdict = states(aStatement({ note: "bash is not started" }))
    expect(verdict).toMatchObject({ outcome: "promote", blocking: [], remaining: [], excepted: [] })
    expect(verdict.findings).toEqual([
      expect.objectContaining({
        id: "CVE-2026-1",
        judgement: "suppressed",
        because: {
          by: "Acme",
          statement: "not_affected: vulnerable_code_not_present. bash is not started",
          source: "file vex.json",
        },
      }),
    ])
    expect(verdict.vex).toEqual([
      {
        source: "vex.json",
        digest: verdict.vex?.[0]?.digest,
        format: "openvex",
        author: "Acme",
        signature: "unsigned",
        trusted: true,
        suppressed: [{ id: "CVE-2026-1", platform: "linux/amd64", purl: bash }],
        unmatched: [],
        statements: 1,
      },
    ])
    expect(parseVerdict(JSON.stringify(verdict))).toEqual(verdict)
  })

  it("is told by the publisher who signed, where the document was attached", () => {
    const verdict = judge([anAttachedVex()])
    expect(verdict.findings[0]?.because).toMatchObject({ by: "acme", source: `referrer ${digestOf("referrer")}` })
  })

  it("does not use up an exception, which is told as unused", () => {
    const exceptions = [{ id: "CVE-2026-1", images: [], platforms: [], reason: "x" }]
    const verdict = judge([aVex()], policyOf({}, { exceptions }))
    expect(verdict.findings[0]?.judgement).toBe("suppressed")
    expect(verdict.exceptions).toEqual([expect.objectContaining({ state: "unused", uses: 0 })])
  })

  it("is asked only where the finding counts; what matches is noted for all", () => {
    const low = [withFindings("linux/amd64", aFinding({ severity: "LOW" }))]
    const verdict = evaluate(
      withVex(low, [aVex([aStatement(), aStatement({ vulnerability: "CVE-2026-9" })])]),
      policyOf(),
      { now },
    )
    expect(verdict.findings[0]?.judgement).toBe("below-threshold")
    expect(verdict.vex?.[0]).toMatchObject({ suppressed: [], unmatched: ["CVE-2026-9"] })
  })

  it("lists the first thousand of the vulnerabilities that match nothing", () => {
    const many = Array.from({ length: 1200 }, (_, index) => aStatement({ vulnerability: `CVE-2020-${1000 + index}` }))
    const [use] = states(...many).vex ?? []
    expect(use?.unmatched).toHaveLength(1000)
    expect(use?.unmatched[0]).toBe("CVE-2020-1000")
    expect(use?.statements).toBe(1200)
  })

  it("has no list where nobody looked for VEX", () => {
    expect(evaluate(anAssessment(one()), policyOf(), { now })).not.toHaveProperty("vex")
  })
})

describe("the status of a statement", () => {
  it.each<[VexStatement["status"], boolean]>([
    ["not_affected", true],
    ["fixed", true],
    ["affected", false],
    ["under_investigation", false],
  ])("%s suppresses: %s", (status, suppressed) => {
    expect(states(aStatement({ status })).passed).toBe(suppressed)
  })

  it("says not affected only with a reason", () => {
    const { justification: _, ...silent } = aStatement()
    expect(states(silent).passed).toBe(false)
    expect(messageOf(states(silent), "VEX_UNUSABLE")).toContain("does not say why")
    expect(states({ ...silent, note: "not started" }).passed).toBe(true)
  })

  it.each<[string, string[], boolean]>([
    [bash, [], true],
    ["pkg:deb/debian/bash", [], false],
    ["registry.example.com/quarantine/app:1", [], false],
    ["registry.example.com/quarantine/app", ["pkg:deb/debian/bash"], false],
    ["registry.example.com/quarantine/app", [bash], true],
    [`registry.example.com/quarantine/app@${image.digest}`, [], true],
    [`registry.example.com/quarantine/app@${image.digest}`, ["pkg:deb/debian/bash"], true],
  ])("says fixed only of a version: %s %j", (id, subcomponents, suppressed) => {
    const verdict = states({ ...aboutProduct(id, ...subcomponents), status: "fixed" })
    expect(verdict.passed).toBe(suppressed)
    expect(codesOf(verdict, "report").includes("VEX_UNUSABLE")).toBe(!suppressed)
  })
})

describe("several statements about one finding", () => {
  it("the newest wins, whatever the order", () => {
    const old = at("2026-01-01T00:00:00.000Z", "not_affected")
    const retraction = at("2026-02-01T00:00:00.000Z", "affected")
    const correction = at("2026-03-01T00:00:00.000Z", "not_affected")
    expect(states(old, retraction).passed).toBe(false)
    expect(states(retraction, old).passed).toBe(false)
    expect(states(correction, old, retraction).passed).toBe(true)
    expect(judge([aVex([retraction]), aVex([old])]).passed).toBe(false)
    expect(codesOf(states(old, retraction), "report")).toEqual([])
  })

  it("compares moments, not texts", () => {
    const early = at("2026-01-01T10:00:00+09:00", "not_affected")
    const late = at("2026-01-01T02:00:00Z", "under_investigation")
    expect(states(early, late).passed).toBe(false)
  })

  it("is a conflict when two of one time contradict each other: nothing is suppressed", () => {
    const documents = [aVex([aStatement()]), aVex([aStatement({ status: "affected" })], { source: "other.json" })]
    const blocked = judge(documents)
    expect(blocked.findings[0]?.judgement).toBe("blocking")
    expect(codesOf(blocked, "block")).toEqual(["FINDINGS", "VEX_CONFLICT"])
    expect(messageOf(blocked, "VEX_CONFLICT")).toMatch(
      /CVE-2026-1 in pkg:deb\/debian\/bash@5.0 .*file other.json.*file vex.json/,
    )
    const told = judge(documents, policyOf({ conflict: "report" }))
    expect(codesOf(told, "block")).toEqual(["FINDINGS"])
    expect(codesOf(told, "report")).toContain("VEX_CONFLICT")
    expect(told.vex?.map(({ suppressed }) => suppressed)).toEqual([[], []])
  })

  it("is none between an exact statement and one about the whole image, when they agree", () => {
    const verdict = states(aStatement({ status: "fixed" }), aboutProduct("registry.example.com/quarantine/app"))
    expect(verdict.passed).toBe(true)
    expect(codesOf(verdict, "report")).not.toContain("VEX_CONFLICT")
  })

  it("is none with a document that does not count", () => {
    const stranger = anAttachedVex({ signature: { status: "unsigned" } }, [aStatement({ status: "affected" })])
    expect(judge([aVex(), stranger]).passed).toBe(true)
  })
})

describe("a statement from the future", () => {
  it.each([
    ["2026-06-15T12:05:00.000Z", true],
    ["2026-06-15T12:05:00.001Z", false],
    ["2026-06-15T14:05:01+02:00", false],
    ["2999-01-01T00:00:00.000Z", false],
  ])("of %s suppresses: %s", (timestamp, suppressed) => {
    const verdict = states(aStatement({ timestamp }))
    expect(verdict.passed).toBe(suppressed)
    expect(messageOf(verdict, "VEX_UNUSABLE")?.includes("future") ?? false).toBe(!suppressed)
  })

  it("leaves older ones in force, but a retraction counts whatever its date", () => {
    expect(states(aStatement(), at("2999-01-01T00:00:00.000Z", "not_affected")).passed).toBe(true)
    expect(states(aStatement(), at("2999-01-01T00:00:00.000Z", "affected")).passed).toBe(false)
  })
})

describe("whose document counts", () => {
  it("a file, by whomever, unless the policy names the authors", () => {
    expect(judge([aVex()]).passed).toBe(true)
    expect(judge([aVex()], policyOf({ authors: ["Acme"] })).passed).toBe(true)
    const verdict = judge([aVex()], policyOf({ authors: ["acme"] }))
    expect(verdict.passed).toBe(false)
    expect(messageOf(verdict, "VEX_UNTRUSTED")).toBe(
      `the VEX document vex.json does not count (1 finding that it would have suppressed): its author "Acme" is not among vex.authors`,
    )
    expect(verdict.vex).toMatchObject([{ trusted: false, suppressed: [], unmatched: [] }])
  })

  it.each<[string, Partial<VexDocument>, Policy, boolean]>([
    ["signed by a publisher of the policy", {}, policyOf(), true],
    [
      "signed by an identity of the policy",
      { signature: { status: "verified", publisher: "acme", key: "https://issuer.example.com vex@acme" } },
      policyOf(),
      true,
    ],
    [
      "signed by ourselves",
      { signature: { status: "verified", publisher: "", key: "own" } },
      policyOf({ publishers: [] }, { trusted: [] }),
      true,
    ],
    ["not signed", { signature: { status: "unsigned" } }, policyOf(), false],
    ["signed by a stranger", { signature: { status: "untrusted", reason: "unknown key" } }, policyOf(), false],
    ["signed by a publisher whose key was taken away", {}, policyOf({}, { trusted: [{ ...acme, keys: [] }] }), false],
    ["signed by a publisher who was taken away", {}, policyOf({}, { trusted: [] }), false],
    [
      "signed by a publisher of other images",
      {},
      policyOf({}, { trusted: [{ ...acme, images: ["ghcr.io/**"] }] }),
      false,
    ],
    [
      "signed by a publisher of this image",
      {},
      policyOf({}, { trusted: [{ ...acme, images: ["registry.example.com/**"] }] }),
      true,
    ],
    ["signed by a publisher whose VEX does not count", {}, policyOf({ publishers: ["other"] }), false],
    ["signed by a publisher whose VEX counts", {}, policyOf({ publishers: ["acme"] }), true],
    ["where attached documents do not count", {}, policyOf({ referrers: false }), false],
  ])("an attached one that is %s: %#", (_, more, policy, counts) => {
    const verdict = judge([anAttachedVex(more)], policy)
    expect(verdict.passed).toBe(counts)
    expect(verdict.vex).toMatchObject([{ trusted: counts }])
    expect(codesOf(verdict, "report").includes("VEX_UNTRUSTED")).toBe(!counts)
  })

  it("does not count the author's name for a signature, nor a file's policy for an attached one", () => {
    const forged = anAttachedVex({ author: "Acme", signature: { status: "unsigned" } })
    expect(judge([forged], policyOf({ authors: ["Acme"], publishers: ["Acme"] })).passed).toBe(false)
  })

  it("stops the image where a document claims a trusted key and does not verify, be it attached or a file", () => {
    const signature = { status: "invalid", publisher: "acme", reason: "digest differs" } as const
    for (const tampered of [anAttachedVex({ signature }), aVex(undefined, { signature })]) {
      const verdict = evaluate(withVex(undefined, [tampered]), policyOf(), { now })
      expect(codesOf(verdict, "block")).toEqual(["SIGNATURE_INVALID"])
    }
  })
})

describe("what a document is attached to", () => {
  const two = () => [withFindings("linux/amd64", aFinding()), withFindings("linux/arm64", aFinding())]
  const suppressedOn = (more: Partial<VexDocument>) =>
    evaluate(withVex(two(), [anAttachedVex(more)]), policyOf(), { now })
      .findings.filter(({ judgement }) => judgement === "suppressed")
      .map(({ platform }) => platform)

  it("an index: it speaks of all platforms", () => {
    expect(suppressedOn({})).toEqual(["linux/amd64", "linux/arm64"])
  })

  it("a platform: it speaks of that one only", () => {
    expect(suppressedOn({ subject: digestOf("linux/arm64") })).toEqual(["linux/arm64"])
  })

  it("something else, or nobody knows what: it does not count and is named", () => {
    const { subject: _, ...loose } = anAttachedVex()
    for (const document of [
      anAttachedVex({ subject: digestOf("other") }),
      loose,
      aVex(undefined, { subject: digestOf("other") }),
    ]) {
      const verdict = judge([document])
      expect(verdict.passed).toBe(false)
      expect(verdict.vex).toMatchObject([{ trusted: false }])
      expect(codesOf(verdict, "report")).toContain("VEX_UNUSABLE")
    }
  })
})

describe("what cannot be used", () => {
  const clean = (documents: readonly VexDocument[], vex: Partial<Policy["vex"]>, more: Partial<VexInput> = {}) =>
    evaluate(withVex(undefined, documents, more), policyOf(vex), { now })
  const unreadable = { problems: [{ source: "vex.json", message: "not JSON" }] }
  const wild = aVex([aboutProduct("*")])

  it.each<[string, readonly VexDocument[], Partial<VexInput>]>([
    ["a document that cannot be read", [], unreadable],
    ["a statement that cannot be used", [wild], {}],
    ["a document about something else", [anAttachedVex({ subject: digestOf("other") })], {}],
  ])("is told: %s; or stops the image, by policy", (_, documents, more) => {
    expect(codesOf(clean(documents, {}, more), "report")).toContain("VEX_UNUSABLE")
    expect(clean(documents, {}, more).passed).toBe(true)
    expect(codesOf(clean(documents, { unusable: "block" }, more), "block")).toEqual(["VEX_UNUSABLE"])
  })

  it("is one reason for each document, of a length that people read", () => {
    const id = `*${"x".repeat(4000)}`
    const statements = Array.from({ length: 2000 }, (_, at) => ({
      ...aboutProduct(id),
      vulnerability: `CVE-1-${at}`,
    }))
    const { reasons } = clean([aVex(statements)], {})
    const told = reasons.filter(({ code }) => code === "VEX_UNUSABLE")
    expect(told).toHaveLength(1)
    expect(told[0]?.message).toContain("2000 statements or products")
    expect(told[0]?.message.length).toBeLessThan(12_000)
  })

  it("is not searched for in a document that nobody trusts", () => {
    const verdict = clean([anAttachedVex({ signature: { status: "unsigned" } }, [aboutProduct("*")])], {
      unusable: "block",
    })
    expect(verdict.passed).toBe(true)
    expect(codesOf(verdict, "report")).toEqual(["VEX_UNTRUSTED"])
  })
})

describe("size", () => {
  it("judges 50,000 statements against 5,000 findings of one vulnerability", () => {
    const findings = Array.from({ length: 5000 }, (_, at) => aFinding({ purl: `pkg:npm/p${at}@1` }))
    const statements = Array.from({ length: 50_000 }, (_, at) => ({
      ...aboutProduct(`pkg:npm/p${at}@1`),
      vulnerability: `CVE-2026-${at % 5000}`,
    }))
    const verdict = evaluate(withVex([withFindings("linux/amd64", ...findings)], [aVex(statements)]), policyOf(), {
      now,
    })
    expect(verdict.vex?.[0]?.statements).toBe(50_000)
    expect(verdict.vex?.[0]?.suppressed.map(({ purl }) => purl)).toEqual(["pkg:npm/p1@1"])
  })

  it("judges 20,000 retractions of one vulnerability against 2,000 findings of it", () => {
    const findings = Array.from({ length: 2000 }, (_, at) => aFinding({ purl: `pkg:npm/p${at}@1` }))
    const retractions = Array.from({ length: 20_000 }, (_, at) => ({
      ...(at % 2 === 0 ? aboutProduct(`pkg:npm/q${at}`) : aboutProduct("(Acme)", `pkg:npm/q${at}`)),
      status: "affected" as const,
    }))
    const given = [aVex([aboutProduct("registry.example.com/quarantine/app"), ...retractions])]
    const verdict = evaluate(withVex([withFindings("linux/amd64", ...findings)], given), policyOf(), { now })
    expect(verdict.vex?.[0]?.suppressed).toHaveLength(2000)
  })
})
