// A check without a test that misses it is a check that somebody will lose: here each is taken out, in a copy.
import { execFile } from "node:child_process"
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { describe, expect, it } from "vitest"
import { mutations } from "./mutations.mjs"

const root = fileURLToPath(new URL("../..", import.meta.url))
const copied = [
  "src",
  "dagger",
  "registry",
  "core",
  "scripts",
  "test",
  "package.json",
  "tsconfig.json",
  "vitest.config.ts",
]
const left = ["test/engine", "test/mutations", "test/contract", "test/bench"].map((name) => join(root, name))

type Report = { readonly numPassedTests: number; readonly numFailedTests: number; readonly numFailedTestSuites: number }

async function withCopy<T>(test: string, work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "cssc-mutation-"))
  try {
    for (const name of copied)
      await cp(join(root, name), join(folder, name), { recursive: true, filter: (path) => !left.includes(path) })
    await cp(join(root, test), join(folder, test))
    await symlink(join(root, "node_modules"), join(folder, "node_modules"))
    return await work(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

// Against the registry with the API alone: one is enough to miss a check.
async function runTest(folder: string, test: string, testName: string): Promise<Report> {
  const only = `on api ${testName.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}`
  const words = [
    "vitest",
    "run",
    "--project",
    "contract",
    "--reporter",
    "json",
    "--outputFile",
    "report.json",
    test,
    "-t",
    only,
  ]
  const env = { ...process.env, VITEST: undefined, VITEST_WORKER_ID: undefined, VITEST_POOL_ID: undefined }
  await new Promise((resolve) => execFile("npx", words, { cwd: folder, env, maxBuffer: 1 << 26 }, resolve))
  return JSON.parse(await readFile(join(folder, "report.json"), "utf8")) as Report
}

describe("a check that is taken out is missed", () => {
  it.each(mutations)(
    "$name",
    async ({ file, find, replace, test, testName }) => {
      await withCopy(test, async (folder) => {
        const source = await readFile(join(folder, file), "utf8")
        expect(source.split(find)).toHaveLength(2)
        await writeFile(
          join(folder, file),
          source.replace(find, () => replace),
        )
        const mutated = await runTest(folder, test, testName)
        await writeFile(join(folder, file), source)
        const whole = await runTest(folder, test, testName)
        expect({ mutated: mutated.numFailedTests, whole: [whole.numPassedTests, whole.numFailedTests] }).toEqual({
          mutated: 1,
          whole: [1, 0],
        })
      })
    },
    180_000,
  )
})
