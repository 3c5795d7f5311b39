// What the engine runs is what was reviewed: the committed bundle is that of the sources, and brings all that it needs.
import { readFileSync } from "node:fs"
import { isBuiltin } from "node:module"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import * as sources from "#cssc"
import { bundleFolder, staleFiles } from "../scripts/build.mjs"

const text = readFileSync(join(bundleFolder, "cssc.js"), "utf8")

describe("the committed bundle", () => {
  it("is the one that the sources give: else run `npm run build`", async () => {
    expect(await staleFiles()).toEqual([])
  })

  it("asks for nothing but Dagger's library and Node", () => {
    const imported = [...text.matchAll(/^(?:import|export) .*from "([^"]+)";?$/gm)].map(([, name = ""]) => name)
    const required = [...text.matchAll(/\b__require\("([^"]+)"\)/g)].map(([, name = ""]) => name)
    expect(imported).toContain("@dagger.io/dagger")
    const known = (name: string) => name === "@dagger.io/dagger" || name.startsWith("node:") || isBuiltin(name)
    expect([...imported, ...required].filter((name) => !known(name))).toEqual([])
  })

  it("exports what the sources export", () => {
    const list = /^export \{\n([^}]+)\n\};$/m.exec(text)?.[1] ?? ""
    expect(list.split(",").map((name) => name.trim())).toEqual(Object.keys(sources).sort())
  })

  it("names no folder of the machine that built it", () => {
    expect(text).not.toContain(join(bundleFolder, ".."))
  })
})
