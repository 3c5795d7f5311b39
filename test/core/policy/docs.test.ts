import { readFileSync } from "node:fs"
import { describe, expect, it } from "vitest"
import { errorKinds } from "../../../core/errors.js"
import { parsePolicy } from "../../../core/policy/document/parse-policy.js"
import { policyJsonSchema } from "../../../core/policy/document/policy-json-schema.js"
import { reasonCodes } from "../../../core/policy/verdict/verdict.js"
import { schemaNodes } from "./policy-schema-nodes.js"

const read = (name: string) => readFileSync(new URL(`../../../${name}`, import.meta.url), "utf8")
const policyDoc = read("docs/policy.md")
const nodes = schemaNodes(policyJsonSchema())

/** The rows `| key | … | default |` of every table that has a default. */
function keyRows(): { readonly path: string; readonly told: string }[] {
  const rows: { path: string; told: string }[] = []
  let column = -1
  for (const line of policyDoc.split("\n")) {
    const cells = line.split("|").map((cell) => cell.trim())
    if (cells[1] === "key") column = cells.indexOf("default")
    const key = /^`([a-z.-]+)`$/.exec(cells[1] ?? "")?.[1]
    if (!line.startsWith("|")) column = -1
    if (column < 0 || key === undefined) continue
    rows.push({ path: nodes.has(key) ? key : `regression.${key}`, told: cells[column] ?? "" })
  }
  return rows
}

/** The defaults that a row must name: its own, or those of the keys below it where it stands for them. */
function defaultsOf(path: string): string[] {
  const own = nodes.get(path)?.default
  if (own !== undefined) return [String(own)]
  if (path === "epss" || path === "regression") return []
  const below = [...nodes].filter(([key]) => key.startsWith(`${path}.`))
  return [...new Set(below.flatMap(([, node]) => (node.default === undefined ? [] : [String(node.default)])))]
}

describe("docs/policy.md", () => {
  it("has an example that is a valid policy", () => {
    const [, example = ""] = /```yaml\n([\s\S]*?)```/.exec(policyDoc) ?? []
    expect(parsePolicy(example)).toMatchObject({ severity: "HIGH", method: "sbom", exceptions: [{}, {}] })
  })

  it("names every key and every reason", () => {
    const keys = [...nodes.keys()].filter((path) => /^[a-z-]+$/.test(path))
    const missing = [...keys, ...reasonCodes].filter((name) => !policyDoc.includes(`\`${name}`))
    expect(missing.filter((name) => !["evidence", "database", "verdict"].includes(name))).toEqual([])
  })

  it("tells of every key in its tables the default that holds", () => {
    const rows = keyRows()
    expect(rows.length).toBeGreaterThan(35)
    const told = rows.map(({ path, told }) => [path, [...told.matchAll(/`([^`]+)`/g)].map(([, name]) => name).sort()])
    const real = rows.map(({ path }) => [path, defaultsOf(path).sort()])
    expect(told.map(([path, names]) => [path, [...new Set(names)]])).toEqual(real)
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
