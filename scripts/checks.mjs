// Types, style, and whether what is generated is what is committed: looked at beside the tests, with what these leave
// of the processor, since nothing of it decides whether a test can run.
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { run } from "./process.mjs"
import { root } from "./setup.mjs"

const names = ["typecheck", "lint", "build:check"]

/** Runs the checks of package.json, one after another; returns the names of those that failed, which said why. */
export async function checks() {
  const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"))
  const failed = []
  for (const name of names.filter((name) => Object.hasOwn(scripts, name))) {
    const command = ["-n", "10", "npm", "run", "-s", name]
    await run("nice", command, { cwd: root, quiet: true }).then(
      () => console.error(`cssc: ${name} passed`),
      () => failed.push(name),
    )
  }
  return failed
}
