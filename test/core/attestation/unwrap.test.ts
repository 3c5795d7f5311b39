import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { MAX_ATTESTATION_BYTES } from "../../../core/attestation/bounds.js"
import { parseBundle } from "../../../core/attestation/bundle.js"
import { parseEnvelope } from "../../../core/attestation/dsse.js"
import { subjectMatches } from "../../../core/attestation/statement.js"
import { unwrap } from "../../../core/attestation/unwrap.js"
import { CsscError } from "../../../core/errors.js"
import { parseDigest } from "../../../core/oci/digest.js"
import { aDigest, expectCode, fixture } from "../oci/fixture.js"

const subject = aDigest("platform")
const hex = subject.slice("sha256:".length)

function aStatement(more: object = {}) {
  const predicate = { bomFormat: "CycloneDX", specVersion: "1.6" }
  const subjects = [{ name: "app", digest: { sha256: hex } }]
  const type = "https://cyclonedx.org/bom"
  return { _type: "https://in-toto.io/Statement/v1", subject: subjects, predicateType: type, predicate, ...more }
}

function anEnvelope(payload: unknown, more: object = {}) {
  const text = typeof payload === "string" ? payload : JSON.stringify(payload)
  const encoded = Buffer.from(text).toString("base64")
  return { payloadType: "application/vnd.in-toto+json", payload: encoded, signatures: [{ sig: "c2ln" }], ...more }
}

function aBundle(dsseEnvelope: unknown, mediaType = "application/vnd.dev.sigstore.bundle.v0.3+json") {
  return { mediaType, verificationMaterial: { publicKey: { hint: "x" } }, dsseEnvelope }
}

describe("unwrap of recorded attestations", () => {
  it.each([
    ["trivy/sbom-centos7-cyclonedx.intoto.dsse.json", "dsse", "https://cyclonedx.org/bom"],
    ["trivy/sbom-sigstore-bundle-v0.3.json", "bundle", "https://cyclonedx.org/bom"],
    ["trivy/attestation-dsse.json", "dsse", "cosign.sigstore.dev/attestation/v1"],
    ["oci/cosign-att-layer.dsse.json", "dsse", "cosign.sigstore.dev/attestation/v1"],
    ["oci/cosign-custom-statement.json", "statement", "cosign.sigstore.dev/attestation/v1"],
    ["sigstore/cosign-vuln-dsse.json", "dsse", "cosign.sigstore.dev/attestation/vuln/v1"],
    ["sigstore/cosign-oci-attestation.bundle.json", "bundle", /./],
    ["statements/buildkit-spdx-statement.json", "statement", "https://spdx.dev/Document"],
    ["statements/buildkit-slsa-v0.2-statement.json", "statement", "https://slsa.dev/provenance/v0.2"],
    ["statements/intoto-vulns-v0.1-example.json", "statement", /vulns/],
  ])("reads %s as a %s", (file, envelope, predicateType) => {
    const found = unwrap(fixture(file))
    expect(found.envelope).toBe(envelope)
    expect(found.statement?.predicateType).toMatch(predicateType)
    expect(found.document).toBeTypeOf("object")
  })

  it.each(["trivy/sbom-fluentd-cyclonedx.json", "trivy/sbom-centos7-spdx.json"])("reads %s as it is", (file) => {
    const document = JSON.parse(fixture(file).toString())
    expect(unwrap(fixture(file))).toEqual({ envelope: "document", document })
  })
})

describe("unwrap", () => {
  it("reads build arguments that differ in case alone, as everybody behind a proxy has them, and nothing else", () => {
    const proxies = { "build-arg:HTTP_PROXY": "http://proxy", "build-arg:http_proxy": "http://proxy" }
    const provenance = (more: object) =>
      JSON.stringify(aStatement({ predicateType: "https://slsa.dev/provenance/v0.2", predicate: { invocation: more } }))
    expect(unwrap(provenance({ parameters: { args: proxies }, environment: proxies })).envelope).toBe("statement")
    expectCode(() => unwrap(provenance({ parameters: proxies })), "STATEMENT_INVALID", /can be read in two ways/)
    expectCode(() => unwrap(provenance({ args: [proxies] })), "STATEMENT_INVALID", /can be read in two ways/)
  })

  it("gives the same statement whatever is wrapped around it", () => {
    const statement = aStatement()
    const forms = [statement, anEnvelope(statement), aBundle(anEnvelope(statement))]
    const found = forms.map((form) => unwrap(JSON.stringify(form)))
    expect(found.map(({ envelope }) => envelope)).toEqual(["statement", "dsse", "bundle"])
    for (const { statement: read, document } of found) {
      expect(read).toEqual(statement)
      expect(document).toEqual(statement.predicate)
    }
  })

  it("reads a statement without a predicate, which version 1 allows", () => {
    expect(unwrap(JSON.stringify(aStatement({ predicate: undefined }))).document).toBeUndefined()
  })

  it("reads both alphabets of base64", () => {
    const statement = aStatement({ predicate: { text: "ÿþ?>~" } })
    const payload = Buffer.from(JSON.stringify(statement)).toString("base64url")
    expect(unwrap(JSON.stringify(anEnvelope("", { payload }))).statement).toEqual(statement)
  })

  it.each([
    [{ Data: { bomFormat: "CycloneDX" }, Timestamp: "" }, { bomFormat: "CycloneDX" }],
    [{ Data: '{"bomFormat":"CycloneDX"}' }, { bomFormat: "CycloneDX" }],
    [{ Data: "free text" }, { Data: "free text" }],
    [
      { bomFormat: "CycloneDX", Data: {} },
      { bomFormat: "CycloneDX", Data: {} },
    ],
  ])("takes %j out of cosign's wrapper", (predicate, document) => {
    expect(unwrap(JSON.stringify(aStatement({ predicate }))).document).toEqual(document)
  })

  const statement = aStatement()
  it.each<[string, unknown, RegExp]>([
    ["an empty object", {}, /not recognised/],
    ["an array", [statement], /not recognised/],
    ["null", null, /not recognised/],
    ["a statement that is an envelope too", { ...statement, ...anEnvelope(statement) }, /2 ways: as dsse, statement/],
    ["a statement that is an SBOM too", { ...statement, bomFormat: "CycloneDX" }, /2 ways: as statement, document/],
    ["a bundle that is a statement too", { ...statement, ...aBundle(anEnvelope(statement)) }, /ways/],
    ["another statement version", aStatement({ _type: "https://in-toto.io/Statement/v2" }), /_type: /],
    ["a statement about nothing", aStatement({ subject: [] }), /subject: /],
    ["a subject without digest", aStatement({ subject: [{ name: "a" }] }), /subject\[0\]\.digest: /],
    ["a statement without type", aStatement({ predicateType: "" }), /predicateType: /],
    ["an envelope without signatures", anEnvelope(statement, { signatures: [] }), /signatures: /],
    [
      "an envelope of something else",
      anEnvelope(statement, { payloadType: "text/plain" }),
      /no in-toto statement.*"text\/plain"/,
    ],
    ["a payload that is no base64", anEnvelope(statement, { payload: "a b!" }), /payload: expected base64/],
    ["a payload of both alphabets", anEnvelope(statement, { payload: "ab+/-_==" }), /payload: expected base64/],
    ["a payload cut off", anEnvelope(statement, { payload: "abcde" }), /payload: expected base64/],
    ["a payload that is no JSON", anEnvelope("x"), /the statement in .* is not JSON/],
    ["an envelope in an envelope", anEnvelope(anEnvelope(statement)), /_type: /],
    ["a signed message", { ...aBundle(undefined), messageSignature: {} }, /signs a message/],
    [
      "a bundle of another version",
      aBundle(anEnvelope(statement), "application/vnd.dev.sigstore.bundle.v1+json"),
      /mediaType: /,
    ],
    ["a bundle without envelope", aBundle(undefined), /dsseEnvelope: /],
    ["a prototype in the payload", anEnvelope('{"_type":"x","__proto__":{}}'), /__proto__/],
  ])("refuses %s", (_name, value, message) => {
    expectCode(() => unwrap(JSON.stringify(value)), "STATEMENT_INVALID", message)
  })

  it("reads an envelope of many megabytes", () => {
    const statement = aStatement({ predicate: { text: "ab".repeat(6 * 1024 * 1024) } })
    expect(unwrap(JSON.stringify(anEnvelope(statement))).statement).toEqual(statement)
  })

  it("limits size and depth, inside the envelope too", () => {
    expectCode(() => unwrap(Buffer.alloc(MAX_ATTESTATION_BYTES + 1, " ")), "LIMIT_EXCEEDED")
    expectCode(() => unwrap(`{"_type":${"[".repeat(300)}`), "LIMIT_EXCEEDED", "nested")
    expectCode(() => unwrap(JSON.stringify(anEnvelope(`{"_type":${"[".repeat(300)}`))), "LIMIT_EXCEEDED", "nested")
  })

  it("either reads any bytes or refuses them by name", () => {
    const value = fc.oneof(
      fc.jsonValue(),
      fc.jsonValue().map(anEnvelope),
      fc.jsonValue().map((inner) => aBundle(inner)),
    )
    fc.assert(
      fc.property(value, (any) => {
        try {
          unwrap(JSON.stringify(any))
        } catch (error) {
          expect(error).toBeInstanceOf(CsscError)
        }
      }),
    )
  })
})

describe("parseEnvelope and parseBundle", () => {
  it("keep payload and signatures as they are", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1 }), fc.string(), (payload, keyid) => {
        const signatures = [{ keyid, sig: "c2ln" }]
        const json = JSON.stringify(anEnvelope("", { payload: Buffer.from(payload).toString("base64"), signatures }))
        const read = parseEnvelope(json)
        expect(new Uint8Array(read.payload)).toEqual(payload)
        expect(read.signatures).toEqual(signatures)
      }),
    )
  })

  it("read the bundles of every 0.x version", () => {
    for (const version of ["+json;version=0.1", "+json;version=0.2", ".v0.3+json"]) {
      const mediaType = `application/vnd.dev.sigstore.bundle${version}`
      expect(parseBundle(JSON.stringify(aBundle(anEnvelope({}), mediaType)))).toMatchObject({ mediaType })
    }
  })
})

describe("subjectMatches", () => {
  const digest = (digests: object) => unwrap(JSON.stringify(aStatement({ subject: [{ name: "a", digest: digests }] })))
  it.each([
    ["the digest", { sha256: hex }, true],
    ["the digest in upper case", { sha256: hex.toUpperCase() }, true],
    ["another algorithm with the same digits", { sha512: hex }, false],
    ["another digest", { sha256: aDigest("x").slice(7) }, false],
    ["a digest with its algorithm", { sha256: subject }, false],
    ["no digest", {}, false],
  ])("compares with %s: %s", (_name, digests, expected) => {
    const { statement } = digest(digests)
    expect(statement && subjectMatches(statement, subject)).toBe(expected)
  })

  it("accepts any of several subjects, and compares sha512", () => {
    const sha512 = parseDigest(`sha512:${"ab".repeat(64)}`)
    const subjects = [{ digest: { sha256: "00" } }, { digest: { sha512: "ab".repeat(64) } }]
    const { statement } = unwrap(JSON.stringify(aStatement({ subject: subjects })))
    expect(statement && subjectMatches(statement, sha512)).toBe(true)
  })
})
