// The schema that editors use: it may be more lenient than the parser, never stricter, and it says something of every key.
import { readFileSync } from "node:fs"
import { Ajv2020 } from "ajv/dist/2020.js"
import { describe, expect, it } from "vitest"
import { parse } from "yaml"
import { fleetJsonSchema, fleetSchemaFile } from "../../../core/fleet/config/fleet-json-schema.js"
import { parseFleet } from "../../../core/fleet/config/parse-fleet.js"

const read = (name: string) => readFileSync(new URL(`../../../${name}`, import.meta.url), "utf8")
const accepts = new Ajv2020({ strict: true, strictRequired: false, allErrors: true }).compile(fleetJsonSchema())
const examples = [...read("docs/fleets.md").matchAll(/```yaml\n([\s\S]*?)```/g)]
  .map(([, yaml = ""]) => yaml)
  .filter((yaml) => /^version: 1/m.test(yaml) && /^(mirrors|promotions):/m.test(yaml))

describe("docs/fleet.schema.json", () => {
  it("is what the code makes; if not, run UPDATE=1 npx vitest run --project unit test/core/fleet/fleet-json-schema", async () => {
    if (process.env["UPDATE"] === "1") {
      const { writeFileSync } = await import("node:fs")
      writeFileSync(new URL("../../../docs/fleet.schema.json", import.meta.url), fleetSchemaFile())
    }
    expect(read("docs/fleet.schema.json")).toBe(fleetSchemaFile())
  })

  it("accepts every example of docs/fleets.md, as the parser does", () => {
    expect(examples.length).toBeGreaterThan(0)
    for (const yaml of examples) {
      expect([accepts(parse(yaml)), accepts.errors]).toEqual([true, null])
      expect(parseFleet(yaml).entries.length).toBeGreaterThan(0)
    }
  })

  it.each<[string, unknown]>([
    ["an unknown key", { version: 1, mirror: [] }],
    ["a login", { version: 1, registries: [{ name: "a.example", password: "x" }] }],
    ["another version", { version: 2 }],
    ["an entry without a target", { version: 1, mirrors: [{ source: "a.example/x" }] }],
  ])("refuses %s", (_, value) => {
    expect(accepts(value)).toBe(false)
  })

  it("tells what every key of ours means", () => {
    const undescribed: string[] = []
    const visit = (node: unknown, path: string): void => {
      if (typeof node !== "object" || node === null || path.endsWith("/policies")) return
      const { properties = {}, items } = node as { properties?: Record<string, object>; items?: unknown }
      for (const [key, value] of Object.entries(properties)) {
        if (!("description" in value)) undescribed.push(`${path}/${key}`)
        visit(value, `${path}/${key}`)
      }
      visit(items, path)
    }
    visit(fleetJsonSchema(), "")
    expect(undescribed).toEqual([])
  })
})
