// The keys about trust, exploitation, regressions and the ledger: read as written, with their defaults.
import { describe, expect, it } from "vitest"
import { readPublicKey } from "../../../core/attestation/public-key.js"
import { parsePolicy } from "../../../core/policy/document/parse-policy.js"
import { defaultPolicy } from "../../../core/policy/document/policy.js"
import { privatePem, publicPem, quoted } from "./policy-samples.js"

const hour = 3_600_000
const parse = (yaml: string) => parsePolicy(`version: 1\n${yaml}`)

describe("parsePolicy", () => {
  it("reads publishers with their keys, identities and images", () => {
    const policy = parse(`trusted:
  - publisher: acme
    keys: [${quoted(publicPem)}]
    images: [ghcr.io/acme/**]
  - publisher: ci
    identities: [{issuer: "https://token.example.com", subject: "repo:acme/app"}]`)
    const [acme, ci] = policy.trusted
    expect(acme).toEqual({
      publisher: "acme",
      keys: [{ pem: publicPem, fingerprint: readPublicKey(publicPem).fingerprint }],
      identities: [],
      images: ["ghcr.io/acme/**"],
    })
    expect(ci).toMatchObject({ keys: [], images: [], identities: [{ subject: "repo:acme/app" }] })
  })

  it("reads a key written as a block, as people paste it", () => {
    const block = publicPem.replaceAll("\n", "\n        ")
    expect(
      parse(`trusted:\n  - publisher: acme\n    keys:\n      - |\n        ${block}`).trusted[0]?.keys[0]?.pem,
    ).toBe(publicPem)
  })

  it("never repeats a private key that somebody pasted", () => {
    const body = privatePem.split("\n")[1] ?? ""
    const read = () => parse(`trusted: [{publisher: acme, keys: [${quoted(privatePem)}]}]`)
    expect(read).toThrow(/trusted\[0\]\.keys\[0\]: is a private key: only the public half belongs here/)
    try {
      read()
    } catch (error) {
      expect(String(error)).not.toContain(body)
    }
    expect(body).toHaveLength(64)
  })

  it("leaves image signatures, feeds, regressions and comparisons alone until they are named", () => {
    const { knownExploited, epss, regression, crossExamination, signatures } = parse("severity: LOW")
    expect([knownExploited, epss, regression, crossExamination, signatures.image]).toEqual(Array(5).fill(undefined))
  })

  it.each([
    ["signatures: {image: block}", { signatures: { image: "block", sbom: "report", evidence: "report" } }],
    ["signatures: {sbom: block, evidence: block}", { signatures: { sbom: "block", evidence: "block" } }],
    [
      "vex: {referrers: false, publishers: [acme], authors: [], conflict: report, unusable: block}",
      { vex: { referrers: false, publishers: ["acme"], authors: [], conflict: "report", unusable: "block" } },
    ],
    ["known-exploited: block", { knownExploited: "block" }],
    ["epss: {threshold: 0.25}", { epss: { threshold: 0.25, effect: "block" } }],
    ["epss: {threshold: 1, effect: report}", { epss: { threshold: 1, effect: "report" } }],
    ["risk-feeds: {max-age: 1d}", { riskFeeds: { maxAge: 24 * hour, stale: "block", missing: "block" } }],
    [
      "regression: report",
      {
        regression: {
          newFindings: "report",
          newPackages: "report",
          platformDropped: "report",
          rollback: "report",
          baseOs: "report",
        },
      },
    ],
    [
      "regression: {base-os: block}",
      {
        regression: {
          newFindings: "block",
          newPackages: "report",
          platformDropped: "block",
          rollback: "block",
          baseOs: "block",
        },
      },
    ],
    ["cross-examination: block", { crossExamination: "block" }],
    ["evidence: {max-age: 1w}", { evidence: { required: [], copy: "all", maxAge: 7 * 24 * hour } }],
    ["ledger: {expired: block}", { ledger: { ...defaultPolicy().ledger, expired: "block" } }],
  ])("reads %s, and changes nothing else", (yaml, expected) => {
    expect(parse(yaml)).toEqual({ ...defaultPolicy(), source: "policy", ...expected })
  })
})
