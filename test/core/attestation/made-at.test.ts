// What can go wrong: an old signed document is attached again with the date of today in an annotation that nobody
// signed, and passes for a new one.
import { describe, expect, it } from "vitest"
import { madeAt } from "../../../core/attestation/made-at.js"
import { unwrap } from "../../../core/attestation/unwrap.js"
import { bare, bundled, statementOf } from "../../support/build-attestation.js"
import { aKey } from "./build-signed.js"

const old = "2020-01-01T00:00:00Z"
const today = "2026-06-15T12:00:00.000Z"
const about = `sha256:${"a".repeat(64)}`
const said = (predicate: unknown) =>
  unwrap(bare(statementOf({ predicateType: "https://example.com/v1", predicate }, about)).content)

describe("madeAt", () => {
  it.each<[string, object]>([
    ["CycloneDX", { bomFormat: "CycloneDX", metadata: { timestamp: old } }],
    ["SPDX", { spdxVersion: "SPDX-2.3", creationInfo: { created: old } }],
    ["SLSA 1", { runDetails: { metadata: { startedOn: "2019-12-31T00:00:00Z", finishedOn: old } } }],
    ["SLSA 1 without an end", { runDetails: { metadata: { startedOn: old, finishedOn: null } } }],
    ["SLSA 0.2", { metadata: { buildStartedOn: "2019-12-31T00:00:00Z", buildFinishedOn: old } }],
    ["a scan", { metadata: { scanStartedOn: "2019-12-31T00:00:00Z", scanFinishedOn: old } }],
    ["a verdict", { evaluatedAt: old }],
    ["a verification summary", { timeVerified: old }],
    ["an acquisition", { acquiredAt: old }],
    ["OpenVEX", { "@context": "https://openvex.dev/ns/v0.2.0", timestamp: old }],
    ["CSAF", { document: { tracking: { current_release_date: old } } }],
    ["cosign 1", { Data: "{}", Timestamp: old }],
  ])("takes the date inside for older than the annotation: %s", (_, predicate) => {
    expect(madeAt(today, said(predicate))).toBe("2020-01-01T00:00:00.000Z")
    expect(madeAt(undefined, said(predicate))).toBe("2020-01-01T00:00:00.000Z")
    expect(madeAt("2019-06-01T00:00:00.000Z", said(predicate))).toBe("2019-06-01T00:00:00.000Z")
  })

  it("reads it in a bundle, and in a bare document", () => {
    const predicate = { bomFormat: "CycloneDX", metadata: { timestamp: old } }
    const statement = statementOf({ predicateType: "https://cyclonedx.org/bom", predicate }, about)
    expect(madeAt(today, unwrap(bundled(statement, aKey()).content))).toBe("2020-01-01T00:00:00.000Z")
    expect(madeAt(today, unwrap(JSON.stringify(predicate)))).toBe("2020-01-01T00:00:00.000Z")
  })

  it.each([["yesterday"], ["2020-01-01"], ["2020-01-01T00:00:00"], [""], [0], [{}], ["9999-12-31T23:59:59-01:00"]])(
    "knows no date where the one inside is %j",
    (timestamp) => {
      expect(madeAt(today, said({ metadata: { timestamp } }))).toBeUndefined()
    },
  )

  it("takes of a type that it does not know the newest moment of its `…At` and `…On`", () => {
    const expected = "2020-01-01T00:00:00.000Z"
    expect(madeAt(today, said({ reviewedAt: old, releasedOn: "2019-01-01T00:00:00Z" }))).toBe(expected)
    expect(madeAt(today, said({ reviewedAt: old, expiresAt: "2027-01-01T00:00:00Z" }))).toBe(today)
    expect(madeAt(today, said({ reviewedAt: "by Ann", dependsOn: ["a"], since: old }))).toBe(today)
    expect(madeAt(today, said({ evaluatedAt: today, reviewedAt: old }))).toBe(today)
  })

  it("has the annotation alone for a document without a date, and nothing without both", () => {
    expect(madeAt(today, said({ reviewed: true, metadata: null }))).toBe(today)
    expect(madeAt(undefined, said({}))).toBeUndefined()
    expect(madeAt(today, said([{ evaluatedAt: old }]))).toBe(today)
  })
})
