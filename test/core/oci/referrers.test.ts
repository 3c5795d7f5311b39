import { readFileSync } from "node:fs"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { type Digest, parseDigest } from "../../../core/oci/digest.js"
import { parseManifest } from "../../../core/oci/manifest.js"
import {
  compareReferrers,
  detectLyingReferrersTag,
  flattenReferrers,
  MAX_REFERRER_DEPTH,
  MAX_REFERRERS,
  parseDiscovery,
  type ReferrerTree,
} from "../../../core/oci/referrers.js"
import { aDescriptor, aDigest, expectCode, fixture } from "./fixture.js"

const subject = aDigest("subject")

// As oras v1.3.3 prints it (cmd/oras/internal/display/metadata/model/discover.go).
function node(name: string, referrers: unknown[] = [], more: object = {}) {
  const reference = `registry.test/app@${aDigest(name)}`
  return { reference, ...aDescriptor(name), artifactType: "application/x", referrers, ...more }
}

function discovery(referrers: unknown): string {
  return JSON.stringify({ ...node("subject"), referrers })
}

function tree(referrers: unknown[]): ReferrerTree {
  return parseDiscovery(discovery(referrers), subject)
}

function chain(length: number): object[] {
  return length === 0 ? [] : [node(`level ${length}`, chain(length - 1))]
}

describe("parseDiscovery", () => {
  it("reads what oras 1.3.3 prints", () => {
    const text = readFileSync(new URL("oras-1.3.3-discover.json", import.meta.url), "utf8")
    const found = flattenReferrers(parseDiscovery(text, parseDigest(JSON.parse(text).digest)))
    expect(found.map(({ artifactType }) => artifactType)).toEqual(["application/vnd.in-toto+json", "application/x"])
    expect(found[0]?.annotations["in-toto.io/predicate-type"]).toBe("https://cyclonedx.org/bom")
    expect(found[1]?.subject).toBe(found[0]?.digest)
  })

  it("reads nested referrers with their subjects", () => {
    const { referrers } = tree([node("sbom", [node("signature")])])
    expect(referrers[0]).toMatchObject({ subject, digest: aDigest("sbom"), artifactType: "application/x" })
    expect(referrers[0]?.referrers[0]).toMatchObject({ subject: aDigest("sbom"), digest: aDigest("signature") })
  })

  it("reads an answer without referrers, also as null", () => {
    expect(tree([]).referrers).toEqual([])
    expect(parseDiscovery(discovery(null), subject).referrers).toEqual([])
  })

  it("reads an entry without an artifact type, whose manifest then has to tell", () => {
    expect(tree([node("a", [], { artifactType: undefined })]).referrers[0]?.artifactType).toBe("")
  })

  it("refuses an answer about another subject", () => {
    expectCode(() => parseDiscovery(discovery([]), aDigest("other")), "REFERRERS_UNTRUSTED", "is about")
  })

  it.each([
    ["no JSON", "<html>"],
    ["an array", "[]"],
    ["text for a list", discovery("x")],
    ["an entry without digest", discovery([{ size: 1 }])],
    ["a malformed nested entry", discovery([node("a", [{ ...node("b"), size: "1" }])])],
  ])("refuses %s", (_name, text) => {
    expectCode(() => parseDiscovery(text, subject), "REFERRERS_UNTRUSTED")
  })

  it("limits depth and count", () => {
    expect(flattenReferrers(tree(chain(MAX_REFERRER_DEPTH)))).toHaveLength(MAX_REFERRER_DEPTH)
    expectCode(() => tree(chain(MAX_REFERRER_DEPTH + 1)), "LIMIT_EXCEEDED", "8 levels")
    const many = Array.from({ length: MAX_REFERRERS + 1 }, (_, at) => node(`n${at}`))
    expect(tree(many.slice(1)).referrers).toHaveLength(MAX_REFERRERS)
    expectCode(() => tree(many), "LIMIT_EXCEEDED", "1000")
    expectCode(() => tree([node("a", many.slice(1))]), "LIMIT_EXCEEDED", "1000")
  })
})

describe("flattenReferrers", () => {
  it("lists parents first and each edge once", () => {
    const flat = flattenReferrers(tree([node("a", [node("c")]), node("a"), node("b", [node("c")])]))
    const names = new Map(["a", "b", "c"].map((name): [Digest, string] => [aDigest(name), name]))
    expect(flat.map(({ digest }) => names.get(digest))).toEqual(["a", "b", "c", "c"])
  })
})

describe("detectLyingReferrersTag", () => {
  const manifest = parseManifest(fixture("oci/buildkit-index.json"), { reference: "registry.test/app" })
  const child = manifest.kind === "index" ? manifest.platforms[0]?.descriptor.digest : undefined
  const attestation = manifest.kind === "index" ? manifest.attestations[0]?.descriptor.digest : undefined

  it.each([
    ["its platforms", node("x", [], { digest: child })],
    ["its attestation entries", node("x", [], { digest: attestation })],
    ["itself", node("subject")],
    ["something that lists it again", node("a", [node("subject")])],
    ["a cycle", node("a", [node("b", [node("a")])])],
  ])("notices that a subject's referrers are %s", (_name, entry) => {
    expect(detectLyingReferrersTag(tree([node("honest"), entry]), manifest)).toBe(true)
  })

  it("trusts other referrers", () => {
    expect(detectLyingReferrersTag(tree([node("sbom", [node("signature")])]), manifest)).toBe(false)
    expect(detectLyingReferrersTag(tree([]), manifest)).toBe(false)
  })
})

describe("compareReferrers", () => {
  it("names what only one side has, by subject and digest", () => {
    const source = [tree([node("a"), node("b", [node("signature")])])]
    const target = [tree([node("a"), node("b"), node("own")])]
    expect(compareReferrers(source, target)).toEqual({
      missing: [{ subject: aDigest("b"), digest: aDigest("signature"), artifactType: "application/x" }],
      extra: [{ subject, digest: aDigest("own"), artifactType: "application/x" }],
    })
  })

  it("does not take one digest on another subject for the same", () => {
    expect(compareReferrers([tree([node("a", [node("c")])])], [tree([node("a"), node("c")])])).toMatchObject({
      missing: [{ subject: aDigest("a") }],
      extra: [{ subject }],
    })
  })

  it("finds no difference between a tree and itself, in any order", () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(["a", "b", "c", "d"], { minLength: 4 }), (names) => {
        const left = [tree(["a", "b", "c", "d"].map((name) => node(name)))]
        expect(compareReferrers(left, [tree(names.map((name) => node(name)))])).toEqual({ missing: [], extra: [] })
      }),
    )
  })
})
