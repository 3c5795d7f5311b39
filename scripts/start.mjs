// `npm start`: the same set-up as for the tests, then the demo.
import { join } from "node:path"
import { imagesFolder } from "../test/images/images.mjs"
import { freshDate, trivyDatabaseFolder } from "../test/trivy-db/trivy-db.mjs"
import { environment, programEnvironment } from "./environment.mjs"
import { fail, run } from "./process.mjs"
import { installDebianPackages, root } from "./setup.mjs"

// An engine that can pull images itself has no CSSC_TOOLBOX: then the module's own pinned images serve, and the demo
// acquires public images. The hermetic engine has no registry to pull from: it gets real Debian images from here.
async function demo({ CSSC_TOOLBOX, CSSC_REGISTRY_IMAGE }) {
  if (!CSSC_TOOLBOX) return ["call", "demo"]
  const [layout, database] = [await imagesFolder(), await trivyDatabaseFolder(freshDate())]
  const story = ["demo", "--registry", CSSC_REGISTRY_IMAGE, "--layout", layout, "--tags", "clean,vulnerable,no-sbom"]
  return ["call", "--toolbox", CSSC_TOOLBOX, "--database-directory", join(database, "db"), ...story]
}

async function main() {
  await installDebianPackages()
  const surroundings = await environment()
  try {
    const args = ["--progress", "dots", ...(await demo(surroundings.variables))]
    console.error(`cssc: dagger ${args.join(" ")}`)
    // The registry logs each 404, which belong to the protocol; of all that, the module's own words are the story.
    const shows = (line) => /^cssc:|^Error|^!/.test(line)
    await run("dagger", args, { cwd: root, env: programEnvironment(surroundings), output: "inherit", shows })
  } finally {
    await surroundings.stop()
  }
}

await main().catch(fail)
