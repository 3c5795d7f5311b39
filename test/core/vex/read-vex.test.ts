// What can go wrong: a document is taken for one of another kind, a statement about another image is believed, an
// envelope hides something else than its type says, a huge or deep file takes the reader down.
import { describe, expect, it } from "vitest"
import { unsigned } from "../../../core/attestation/signature.js"
import { digestOf } from "../../../core/oci/digest.js"
import { MAX_VEX_BYTES, readVex, vexFromBytes, type VexOrigin } from "../../../core/vex/read-vex.js"
import { expectCode, fixture } from "../oci/fixture.js"
import { csaf, cycloneDx, openVex, openVexStatement } from "./build-vex.js"

const platform = digestOf("linux/amd64")
const document = openVex([openVexStatement()])
const file: VexOrigin = { origin: "file", source: "vex.json", signature: unsigned }
const attached: VexOrigin = { origin: "referrer", source: digestOf("referrer"), subject: platform, signature: unsigned }

function statement(predicate: unknown, more: object = {}) {
  return {
    _type: "https://in-toto.io/Statement/v0.1",
    predicateType: "https://openvex.dev/ns/v0.2.0",
    subject: [{ name: "app", digest: { sha256: platform.slice(7) } }],
    predicate,
    ...more,
  }
}

function dsse(value: unknown) {
  const payload = Buffer.from(JSON.stringify(value)).toString("base64")
  return { payloadType: "application/vnd.in-toto+json", payload, signatures: [{ sig: "AA==" }] }
}

const open = (value: unknown, origin = file) => vexFromBytes(JSON.stringify(value), origin)

describe("vexFromBytes", () => {
  it("remembers the bytes, where they came from and who signed them", () => {
    const bytes = fixture("dhi/vex-alpine-base.json")
    expect(vexFromBytes(bytes, file)).toMatchObject({
      format: "openvex",
      id: "https://openvex.dev/docs/public/vex-e5512696834fb1c6271cd0c02f859d1dafa0c6e282aaf6ca2498ffcac71f5651",
      author: "Docker Hardened Images <dhi@docker.com>",
      timestamp: "2025-08-25T11:19:57.132Z",
      digest: digestOf(bytes),
      origin: "file",
      source: "vex.json",
      signature: unsigned,
    })
    expect(vexFromBytes(bytes, file)).not.toHaveProperty("subject")
  })

  it("reads the predicate of a statement, an envelope and a bundle", () => {
    const bundle = {
      mediaType: "application/vnd.dev.sigstore.bundle.v0.3+json",
      verificationMaterial: {},
      dsseEnvelope: dsse(statement(document)),
    }
    for (const wrapped of [statement(document), dsse(statement(document)), bundle]) {
      expect(open(wrapped, attached)).toMatchObject({ subject: platform, statements: [{ status: "not_affected" }] })
    }
  })

  it("binds a file that holds a statement to the statement's subject", () => {
    expect(open(statement(document)).subject).toBe(platform)
    const two = {
      subject: [
        { name: "a", digest: { sha256: "a".repeat(64) } },
        { name: "b", digest: { sha256: "b".repeat(64) } },
      ],
    }
    expectCode(() => open(statement(document, two)), "VEX_INVALID")
  })

  it("refuses a statement about something else than it is attached to", () => {
    const subject = [{ name: "other", digest: { sha256: "a".repeat(64) } }]
    expectCode(() => open(statement(document, { subject }), attached), "VEX_INVALID")
  })

  it.each<[string, unknown, string]>([
    ["CycloneDX as an SBOM", cycloneDx({}), "https://cyclonedx.org/bom/v1.6"],
    ["CycloneDX as VEX", cycloneDx({}), "https://cyclonedx.org/vex"],
    ["CSAF", csaf({ product_status: { fixed: ["bash"] } }), "https://docs.oasis-open.org/csaf/csaf/v2.0"],
  ])("reads %s", (_, predicate, predicateType) => {
    expect(open(statement(predicate, { predicateType })).statements).toHaveLength(1)
  })

  it.each<[string, unknown]>([
    ["a predicate of another type than the statement says", statement(cycloneDx({}))],
    ["a predicate that is no VEX", statement({ builder: "x" })],
    ["a document that is an envelope too", { ...document, ...dsse(statement(document)) }],
    ["a document of two formats", { ...document, ...cycloneDx({}) }],
    ["SPDX", { spdxVersion: "SPDX-2.3" }],
    ["a list", [document]],
    ["nothing", null],
  ])("refuses %s", (_, value) => {
    expectCode(() => open(value), "VEX_INVALID")
  })

  it("refuses what is no JSON, or could reach a prototype", () => {
    expectCode(() => vexFromBytes("{", file), "VEX_INVALID")
    expectCode(() => vexFromBytes(`{"__proto__": {}, "@context": ""}`, file), "VEX_INVALID")
    expectCode(() => vexFromBytes(Buffer.from([0xff, 0xfe]), file), "VEX_INVALID")
  })

  it("refuses 50 MB before it reads them, and deep documents", () => {
    expectCode(() => vexFromBytes(Buffer.alloc(50 * 1024 * 1024, " "), file), "LIMIT_EXCEEDED")
    expect(MAX_VEX_BYTES).toBeLessThan(50 * 1024 * 1024)
    const deep = `{"@context":${"[".repeat(100_000)}${"]".repeat(100_000)}}`
    expectCode(() => vexFromBytes(deep, file), "LIMIT_EXCEEDED")
  })

  it("survives any shape inside a document that it recognises", () => {
    for (const odd of [null, 0, "", [], {}, [null], [[]], { a: 1 }]) {
      for (const key of ["statements", "author", "timestamp", "@id"]) {
        const value = openVex([], { [key]: odd })
        try {
          readVex(value)
        } catch (error) {
          expect(error).toHaveProperty("code", "VEX_INVALID")
        }
      }
    }
  })
})
