// The environment in which `dagger call` works and the tests find their programs and images. A Dagger engine that the
// caller can already reach is used as it is; else the hermetic one is built and started.
import { mkdirSync } from "node:fs"
import { localImages } from "../test/toolbox/local-images.mjs"
import { stopRegistry } from "../test/toolbox/local-registry.mjs"
import { tools } from "../test/toolbox/tools.mjs"
import { cliFolder, engineVariables, startEngine, stopEngine } from "./hermetic-engine.mjs"
import { cacheFolder } from "./part.mjs"
import { succeeds } from "./process.mjs"

const foreignEngineTimeout = 180_000

/** Where there is nothing to set up. */
export const noEnvironment = { variables: {}, path: undefined, stop: () => Promise.resolve() }

/**
 * Builds and starts what is missing.
 *
 * @returns the variables to set, the folder to put on the PATH if any, and `stop`, which ends what this call started
 */
export async function environment() {
  const CSSC_TOOLS = await tools()
  if (await reachesForeignEngine()) {
    // Such an engine pulls images itself, so the module's own pinned ones serve.
    return { ...noEnvironment, variables: { CSSC_TOOLS, CSSC_TOOLBOX: "", CSSC_REGISTRY_IMAGE: "" } }
  }
  const started = await startEngine()
  const images = await localImages(CSSC_TOOLS)
  const variables = { ...engineVariables, CSSC_TOOLS, ...images }
  return { variables, path: cliFolder, stop: started ? stopAll : noEnvironment.stop }
}

/** The same for a program that is run from here: all of its environment. */
export function programEnvironment({ variables, path }) {
  const PATH = [path, process.env.PATH].filter(Boolean).join(":")
  return { ...process.env, ...variables, PATH }
}

/** Ends the hermetic engine and its registry, when they run. */
export async function stopAll() {
  stopRegistry()
  await stopEngine()
}

// `CSSC_ENGINE=hermetic` is for those who have an engine and want the tests to leave it alone.
async function reachesForeignEngine() {
  const host = process.env._EXPERIMENTAL_DAGGER_RUNNER_HOST ?? ""
  if (process.env.CSSC_ENGINE === "hermetic" || host.startsWith(`unix://${cacheFolder}/`)) return false
  if (!(await succeeds("dagger", ["version"]))) return false
  console.error("cssc: dagger is installed; asking it for an engine")
  // Outside of any module, since it is the engine alone that is asked.
  mkdirSync(cacheFolder, { recursive: true })
  const reached = await succeeds("dagger", ["core", "version"], { timeout: foreignEngineTimeout, cwd: cacheFolder })
  console.error(reached ? "cssc: using that engine" : "cssc: it has none, so the hermetic engine is used")
  return reached
}
