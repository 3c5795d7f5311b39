// `dagger develop`, and the SDK at every load, rewrite package.json and tsconfig.json: Dagger's library goes out of the
// packages, its generated client into the paths. What leads to the bundle stays, and the module works as before.
// https://github.com/dagger/dagger/tree/v0.21.8/sdk/typescript/runtime (package_json.go, tsconfig)
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, expect, it } from "vitest"
import { callJson, moduleFolder, runProgram } from "../support/dagger-cli.js"

type ModuleFile = { readonly include: readonly string[] }
type PackageFile = { readonly imports: unknown; readonly type: string; readonly dependencies: unknown }
type CompilerFile = { readonly compilerOptions: Readonly<Record<string, unknown>> }

let copy: string

// What dagger.json includes, and nothing else: no sources, no packages.
beforeAll(async () => {
  copy = await mkdtemp(join(tmpdir(), "cssc-develop-"))
  const { include } = await json<ModuleFile>(moduleFolder, "dagger.json")
  for (const name of include.filter((pattern) => !pattern.startsWith("!")))
    await cp(join(moduleFolder, name), join(copy, name), { recursive: true })
})

afterAll(() => rm(copy, { recursive: true }))

async function json<T>(folder: string, name: string): Promise<T> {
  return JSON.parse(await readFile(join(folder, name), "utf8")) as T
}

it("dagger develop leaves the way to the bundle, and the module loads from what dagger.json includes", async () => {
  const { code, stderr } = await runProgram("dagger", ["develop"], { cwd: copy })
  expect([code, code === 0 ? "" : stderr.slice(-2000)]).toEqual([0, ""])
  const [before, after] = await Promise.all([moduleFolder, copy].map((at) => json<PackageFile>(at, "package.json")))
  expect(after).toMatchObject({ type: "module", imports: before?.imports, dependencies: before?.dependencies })
  expect(before?.dependencies).toEqual({ typescript: "5.9.3" })
  const { compilerOptions } = await json<CompilerFile>(copy, "tsconfig.json")
  expect(compilerOptions).toMatchObject({ customConditions: ["source"], experimentalDecorators: true })
  expect((await json<ModuleFile>(copy, "dagger.json")).include).toEqual(
    (await json<ModuleFile>(moduleFolder, "dagger.json")).include,
  )
  const schema = await json(moduleFolder, "docs/policy.schema.json")
  expect(await callJson(["policy-schema"], { cwd: copy })).toEqual(schema)
})

it("a module without its bundle does not load: it is what runs", async () => {
  const bundle = join(copy, "dist/cssc.js")
  await writeFile(bundle, `${await readFile(bundle, "utf8")}\nthrow new Error("this is what runs")\n`)
  const { code, stderr } = await runProgram("dagger", ["call", "policy-schema"], {
    cwd: copy,
    // Says also what a container printed.
    env: { DAGGER_PROGRESS: "plain" },
  })
  expect([code === 0, stderr]).toEqual([false, expect.stringContaining("this is what runs")])
})
