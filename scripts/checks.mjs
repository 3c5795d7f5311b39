// Types and style: looked at beside the tests, with what these leave of the processor, since nothing of it decides
// whether a test can run. (That the bundle is what the sources give, a unit test tells.)
import { run } from "./process.mjs"
import { root } from "./setup.mjs"

const names = ["typecheck", "lint"]

/** Runs the checks of package.json, one after another; returns the names of those that failed, which said why. */
export async function checks() {
  const failed = []
  for (const name of names) {
    const command = ["-n", "10", "npm", "run", "-s", name]
    await run("nice", command, { cwd: root, quiet: true }).then(
      () => console.error(`cssc: ${name} passed`),
      () => failed.push(name),
    )
  }
  return failed
}
