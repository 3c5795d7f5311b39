// The schema that editors use: it may be more lenient than the parser, never stricter, and it must say so of every key.
import { readFileSync } from "node:fs"
import { Ajv2020 } from "ajv/dist/2020.js"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { parse } from "yaml"
import { parsePolicy } from "../../../core/policy/document/parse-policy.js"
import { policyDigest } from "../../../core/policy/document/policy.js"
import { policyJsonSchema, policySchemaFile } from "../../../core/policy/document/policy-json-schema.js"
import { badPolicies, goodPolicies } from "./policy-samples.js"
import { schemaNodes } from "./policy-schema-nodes.js"

const read = (name: string) => readFileSync(new URL(`../../../${name}`, import.meta.url), "utf8")
const accepts = new Ajv2020({ strict: true, strictRequired: false, allErrors: true }).compile(policyJsonSchema())
const parses = (text: string) => {
  try {
    parsePolicy(text)
    return true
  } catch {
    return false
  }
}

describe("docs/policy.schema.json", () => {
  it("is what the code makes; if not, run UPDATE=1 npx vitest run --project unit test/core/policy/policy-json-schema", async () => {
    if (process.env["UPDATE"] === "1") {
      const { writeFileSync } = await import("node:fs")
      writeFileSync(new URL("../../../docs/policy.schema.json", import.meta.url), policySchemaFile())
    }
    expect(read("docs/policy.schema.json")).toBe(policySchemaFile())
  })

  it("accepts every example of the pages about policies that has a version", () => {
    const text = ["policy.md", "policy-as-code.md", "how-the-gate-decides.md"]
      .map((name) => read(`docs/${name}`))
      .join("\n")
    const examples = [...text.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, yaml = ""]) => yaml)
    const policies = examples.filter((yaml) => /^version: 1/m.test(yaml) && !/^cases:/m.test(yaml))
    expect(policies.length).toBeGreaterThan(0)
    for (const yaml of policies) expect([accepts(parse(yaml)), accepts.errors]).toEqual([true, null])
  })
})

describe("policyJsonSchema", () => {
  it.each(goodPolicies)("accepts what the parser accepts: %s", (_, text) => {
    expect(parses(text)).toBe(true)
    expect([accepts(parse(text)), accepts.errors]).toEqual([true, null])
  })

  it.each(badPolicies.filter(([, , seen]) => seen))("refuses, as the parser does: %s", (_, text) => {
    expect(accepts(parse(text))).toBe(false)
    expect(parses(text)).toBe(false)
  })

  it("refuses nothing that the parser accepts, whatever the value of a key", () => {
    const texts = [
      "block",
      "report",
      "all",
      "High",
      "48h",
      " 5d ",
      "2026-12-31",
      "2026-12-31T00:00:00+02:00",
      "",
      " r ",
    ]
    const leaf = fc.oneof(
      fc.constantFrom<unknown>(...texts, "linux/amd64", "linux/arm64/v8", "pkg:deb/debian/x@1", "CVE-2026-1", 0.5, 1),
      fc.constantFrom<unknown>("https://slsa.dev/provenance/v1", "ghcr.io/acme/**", true, null, 2),
      fc.string(),
    )
    const value = fc.oneof(leaf, fc.array(leaf, { maxLength: 2 }), mappingOf(leaf))
    const policy = fc.record(
      Object.fromEntries(["version", ...topKeys()].map((key) => [key, key === "version" ? fc.constant(1) : value])),
      { requiredKeys: ["version"] },
    )
    fc.assert(
      fc.property(fc.oneof(policy, onlyOne(value)), (document) => {
        const text = JSON.stringify(document)
        return !parses(text) || accepts(JSON.parse(text))
      }),
      { numRuns: 3000 },
    )
  })

  it("describes every key in a sentence, with the default that the parser fills in", () => {
    const nodes = schemaNodes(policyJsonSchema())
    expect(nodes.size).toBeGreaterThan(80)
    expect([...nodes].filter(([, { description = "" }]) => !/^\S.{8,}\.$/.test(description))).toEqual([])
    expect(nodes.get("severity")).toMatchObject({
      description: "Vulnerabilities at this severity or above stop the image. Default: HIGH.",
      default: "HIGH",
    })
    expect(nodes.get("trusted[].identities[].issuer")?.description).toBe("The certificate's OIDC issuer, exactly.")
  })

  it("names as default only what means the same when it is written", () => {
    const written = [...schemaNodes(policyJsonSchema())].filter(([, node]) => node.default !== undefined)
    expect(written.length).toBeGreaterThan(30)
    for (const [path, { default: value }] of written) {
      const [top = "", below] = path.split(".")
      const needed = top === "epss" ? { threshold: 0.5 } : {}
      const digestWith = (more: object) => policyDigest(parsePolicy(JSON.stringify({ version: 1, ...more })))
      const [left, right] =
        below === undefined ? [{}, { [top]: value }] : [{ [top]: needed }, { [top]: { ...needed, [below]: value } }]
      expect([path, digestWith(right)]).toEqual([path, digestWith(left)])
    }
  })

  it("names itself, and offers the severities in capitals", () => {
    const schema = policyJsonSchema()
    expect(schema).toMatchObject({
      $schema: "https://json-schema.org/draft/2020-12/schema",
      $id: "https://cssc.dev/policy/v1.schema.json",
      required: ["version"],
      additionalProperties: false,
      properties: { severity: { anyOf: [{ enum: ["UNKNOWN", "LOW", "MEDIUM", "HIGH", "CRITICAL"] }, {}] } },
    })
  })
})

function topKeys(): string[] {
  return [...schemaNodes(policyJsonSchema()).keys()].filter((path) => /^[a-z-]+$/.test(path) && path !== "version")
}

// A policy with one key alone: else nearly every random document is refused by both.
function onlyOne(value: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return fc.tuple(fc.constantFrom(...topKeys()), value).map(([key, one]) => ({ version: 1, [key]: one }))
}

function mappingOf(leaf: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const below = [...schemaNodes(policyJsonSchema()).keys()].flatMap(
    (path) => /^[a-z-]+\.([a-z-]+)$/.exec(path)?.[1] ?? [],
  )
  return fc.oneof(
    fc.dictionary(fc.constantFrom(...below), leaf, { maxKeys: 3, noNullPrototype: true }),
    fc
      .record(
        { id: leaf, package: leaf, reason: leaf, owner: leaf, expires: leaf, images: fc.array(leaf, { maxLength: 1 }) },
        { requiredKeys: ["reason"] },
      )
      .map((one) => [one]),
  )
}
