// GitHub's workflows by the linter that knows its expressions, contexts, permissions and shells.
import { execFile } from "node:child_process"
import { readdirSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { expect, it } from "vitest"
import { actionlintProgram } from "../actionlint/actionlint.mjs"

const folder = fileURLToPath(new URL("../../.github/workflows/", import.meta.url))
// Programs of this machine's, which another may not have.
const alone = ["-shellcheck=", "-pyflakes=", "-no-color", "-oneline"]

it("pass actionlint", async () => {
  const program = await actionlintProgram()
  const files = readdirSync(folder).map((name) => folder + name)
  const { stdout } = await promisify(execFile)(program, [...alone, ...files]).catch(
    (error: { stdout: string }) => error,
  )
  expect(stdout).toBe("")
})

it("are looked at: a context that is not there is found", async () => {
  const program = await actionlintProgram()
  const broken = "on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: echo ${{ nothing.here }}\n"
  const child = promisify(execFile)(program, [...alone, "-"])
  child.child.stdin?.end(broken)
  const { stdout } = await child.catch((error: { stdout: string }) => error)
  expect(stdout).toContain('undefined variable "nothing"')
})
