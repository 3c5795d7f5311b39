import { readFileSync } from "node:fs"
import { errorKinds } from "../../../core/errors.js"
import { describe, expect, it } from "vitest"
import { parsePolicy } from "../../../core/policy/document/parse-policy.js"
import { policySchema } from "../../../core/policy/document/policy-schema.js"
import { reasonCodes } from "../../../core/policy/verdict/verdict.js"

const read = (name: string) => readFileSync(new URL(`../../../${name}`, import.meta.url), "utf8")
const policyDoc = read("docs/policy.md")

describe("docs/policy.md", () => {
  it("has an example that is a valid policy", () => {
    const [, example = ""] = /```yaml\n([\s\S]*?)```/.exec(policyDoc) ?? []
    expect(parsePolicy(example)).toMatchObject({ severity: "HIGH", method: "sbom", exceptions: [{}, {}] })
  })

  it("names every key and every reason", () => {
    const missing = [...Object.keys(policySchema.shape), ...reasonCodes].filter(
      (name) => !policyDoc.includes(`\`${name}`),
    )
    expect(missing.filter((name) => !["evidence", "database", "verdict"].includes(name))).toEqual([])
  })
})

describe("docs/errors.md", () => {
  it("explains exactly the codes of core/errors.ts", () => {
    const codes = Object.keys(errorKinds)
    const explained = [...read("docs/errors.md").matchAll(/^\| `([A-Z_]+)`/gm)].map(([, code]) => code)
    expect(codes.length).toBeGreaterThan(20)
    expect([...explained].sort()).toEqual([...codes].sort())
  })
})
