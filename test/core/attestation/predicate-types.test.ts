import { describe, expect, it } from "vitest"
import {
  matchesPredicateType,
  resolvePredicateType,
  samePredicateFamily,
  sbomFormat,
} from "../../../core/attestation/predicate-types.js"

describe("matchesPredicateType", () => {
  it.each([
    ["cyclonedx", "https://cyclonedx.org/bom", true],
    ["cyclonedx", "https://cyclonedx.org/bom/v1.6", true],
    ["https://cyclonedx.org/bom", "https://cyclonedx.org/bom/v1.5", true],
    ["spdx", "https://spdx.dev/Document/v2.3", true],
    ["https://spdx.dev/Document", "https://spdx.dev/Document", true],
    ["openvex", "https://openvex.dev/ns/v0.2.0", true],
    ["https://cyclonedx.org/bom/v1.5", "https://cyclonedx.org/bom/v1.6", false],
    ["https://cyclonedx.org/bom/v1.5", "https://cyclonedx.org/bom", false],
    ["cyclonedx", "https://cyclonedx.org.evil/bom", false],
    ["cyclonedx", "https://cyclonedx.org/bomb", false],
    ["cyclonedx", "https://cyclonedx.org/bom/v1.6/../../evil", false],
    ["cyclonedx", "https://cyclonedx.org/bom/v1.6\n", false],
    ["cyclonedx", "https://CYCLONEDX.org/bom", false],
    ["cyclonedx", "cyclonedx", false],
    ["cyclonedx", "https://scout.docker.com/sbom/v0.1", false],
    ["https://slsa.dev/provenance/v1", "https://slsa.dev/provenance/v1", true],
    ["https://slsa.dev/provenance", "https://slsa.dev/provenance/v1", false],
    ["constructor", "constructor", true],
  ])("wanted %s, found %s: %s", (wanted, actual, expected) => {
    expect(matchesPredicateType(wanted, actual)).toBe(expected)
  })
})

describe("short names and families", () => {
  it("resolves cosign's short names and leaves URIs alone", () => {
    expect(resolvePredicateType("spdxjson")).toBe("https://spdx.dev/Document")
    expect(resolvePredicateType("https://example.com/x")).toBe("https://example.com/x")
  })

  it("takes versions of one format for one family", () => {
    expect(samePredicateFamily("https://cyclonedx.org/bom/v1.5", "https://cyclonedx.org/bom/v1.6")).toBe(true)
    expect(samePredicateFamily("https://cyclonedx.org/bom", "https://spdx.dev/Document")).toBe(false)
    expect(samePredicateFamily("https://a.example", "https://a.example")).toBe(true)
  })

  it("knows which types are SBOMs", () => {
    expect(sbomFormat("https://cyclonedx.org/bom/v1.6")).toBe("cyclonedx")
    expect(sbomFormat("https://spdx.dev/Document")).toBe("spdx")
    expect(sbomFormat("https://scout.docker.com/sbom/v0.1")).toBeUndefined()
  })
})
