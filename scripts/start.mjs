// `npm start`: the same set-up as for the tests, then the demo.
import { environment, programEnvironment } from "./environment.mjs"
import { fail, run } from "./process.mjs"
import { installDebianPackages, root } from "./setup.mjs"

// ===== THE DEMO: the arguments of `dagger`, made from the variables of environment.mjs. An engine that can pull images
// itself has no CSSC_TOOLBOX and no CSSC_REGISTRY_IMAGE: then the module's own pinned images serve, and
// `...option("--toolbox", CSSC_TOOLBOX)` leaves the option out.
const demo = ({ CSSC_TOOLBOX: _toolbox }) => ["call", ...option("--toolbox", ""), "--help"]
// =====

function option(name, value) {
  return value ? [name, value] : []
}

async function main() {
  await installDebianPackages()
  const surroundings = await environment()
  try {
    const args = demo(surroundings.variables)
    console.error(`cssc: dagger ${args.join(" ")}`)
    await run("dagger", args, { cwd: root, env: programEnvironment(surroundings), output: "inherit" })
  } finally {
    await surroundings.stop()
  }
}

await main().catch(fail)
