// What the engine runs is what was reviewed: the committed bundle is that of the sources, and brings all that it needs.
import { execFileSync } from "node:child_process"
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { isBuiltin } from "node:module"
import { tmpdir } from "node:os"
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
    const known = (name: string) =>
      /^@dagger\.io\/dagger(\/telemetry)?$/.test(name) || name.startsWith("node:") || isBuiltin(name)
    expect([...imported, ...required].filter((name) => !known(name))).toEqual([])
  })

  it("leaves what makes reports to a bundle of its own, which asks for nothing but Node", async () => {
    const reports = readFileSync(join(bundleFolder, "report.js"), "utf8")
    const imported = [...reports.matchAll(/^(?:import|export) .*from "([^"]+)";?$/gm)].map(([, name = ""]) => name)
    expect(imported.filter((name) => !name.startsWith("node:") && !isBuiltin(name))).toEqual([])
    expect(text).toContain('import("#report")')
    expect(text).not.toMatch(/node_modules\/(preact|xmlbuilder2|d3-|@dagrejs)/)
    const made = (await import(join(bundleFolder, "report.js"))) as object
    expect(Object.keys(made).sort()).toEqual(["readEarlier", "readResults", "reportDocuments"])
  })

  it("leaves what signs keyless to another one, which asks for nothing but Node either", async () => {
    const keyless = readFileSync(join(bundleFolder, "keyless.js"), "utf8")
    const imported = [...keyless.matchAll(/^(?:import|export) .*from "([^"]+)";?$/gm)].map(([, name = ""]) => name)
    const required = [...keyless.matchAll(/\b__require\("([^"]+)"\)/g)].map(([, name = ""]) => name)
    const outside = [...imported, ...required].filter((name) => !name.startsWith("node:") && !isBuiltin(name))
    expect(outside).toEqual(["supports-color"]) // which \`debug\` tries, and goes without
    expect(text).toContain('import("#keyless")')
    expect(text).not.toMatch(/node_modules\/(@sigstore\/sign|make-fetch-happen)/)
    expect(Object.keys((await import(join(bundleFolder, "keyless.js"))) as object)).toEqual([
      "keylessServices",
      "trustAuthorities",
    ])
  })

  it("exports what the sources export", () => {
    const list = /^export \{\n([^}]+)\n\};$/m.exec(text)?.[1] ?? ""
    expect(list.split(",").map((name) => name.trim())).toEqual(Object.keys(sources).sort())
  })

  it("is what #cssc means beside Dagger's library, where no other package and no source is", () => {
    const folder = mkdtempSync(join(tmpdir(), "cssc-bundle-"))
    try {
      cpSync(bundleFolder, join(folder, "dist"), { recursive: true })
      cpSync(join(bundleFolder, "../package.json"), join(folder, "package.json"))
      mkdirSync(join(folder, "node_modules/@dagger.io"), { recursive: true })
      const library = join(bundleFolder, "../node_modules/@dagger.io/dagger")
      symlinkSync(library, join(folder, "node_modules/@dagger.io/dagger"))
      writeFileSync(join(folder, "face.mjs"), 'console.log(Object.keys(await import("#cssc")).join())')
      const said = execFileSync("node", ["face.mjs"], { cwd: folder, encoding: "utf8" })
      expect(said.trim().split(",")).toEqual(Object.keys(sources).sort())
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it("names no folder of the machine that built it", () => {
    expect(text).not.toContain(join(bundleFolder, ".."))
  })
})
