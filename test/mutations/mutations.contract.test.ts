// A check without a test that misses it is a check that somebody will lose: here each is taken out as it is loaded.
import { execFile } from "node:child_process"
import { readFile } from "node:fs/promises"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { beforeAll, describe, expect, it } from "vitest"
import { mutations } from "./mutations.mjs"

type Outcome = { readonly passed: number; readonly failed: number }
type Outcomes = Readonly<Record<string, { readonly mutated: Outcome; readonly whole: Outcome }>>

const root = fileURLToPath(new URL("../..", import.meta.url))

// In a process of its own: a vitest inside of a test's process would share what that has loaded.
async function runMutations(): Promise<Outcomes> {
  const env = { ...process.env, VITEST: undefined, VITEST_WORKER_ID: undefined, VITEST_POOL_ID: undefined }
  const program = join(root, "test/mutations/run-mutations.mjs")
  const { stdout } = await promisify(execFile)(process.execPath, [program], { cwd: root, env, maxBuffer: 1 << 26 })
  return JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "") as Outcomes
}

describe("a check that is taken out is missed", () => {
  let outcomes: Outcomes
  beforeAll(async () => {
    outcomes = await runMutations()
  }, 1_200_000)

  it.each(mutations)("$name", async ({ name, file, find }) => {
    expect((await readFile(join(root, file), "utf8")).split(find)).toHaveLength(2)
    expect(outcomes[name]).toEqual({ mutated: { passed: 0, failed: 1 }, whole: { passed: 1, failed: 0 } })
  })
})
