// The engine of test/engine, for machines on which no Dagger engine can be reached.
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { cacheFolder } from "./part.mjs"
import { cleanUp, run, succeeds } from "./process.mjs"
import { withProgress } from "./progress.mjs"

const program = fileURLToPath(new URL("../test/engine/engine", import.meta.url))

/** Where it keeps its programs, file systems, cache and log. */
export const engineFolder = join(cacheFolder, "engine")

/** The folder of its CLI, which holds the program `dagger` alone. */
export const cliFolder = join(engineFolder, "cli")

/** The variables with which the CLI reaches it. */
export const engineVariables = {
  _EXPERIMENTAL_DAGGER_CLI_BIN: join(cliFolder, "dagger"),
  _EXPERIMENTAL_DAGGER_RUNNER_HOST: `unix://${engineFolder}/run/engine.sock`,
  // Results and errors, and what the module says on the way; "plain" prints megabytes.
  DAGGER_PROGRESS: "logs",
  DAGGER_NO_NAG: "1",
  DO_NOT_TRACK: "1",
}

/** Builds what is missing (about 4 minutes on a fresh machine), starts it, and says whether it was not running. */
export async function startEngine() {
  const running = await isEngineRunning()
  await withProgress("building and starting the Dagger engine", () => run(program, ["start", engineFolder]))
  return !running
}

export function stopEngine() {
  return cleanUp(program, ["stop", engineFolder])
}

export function isEngineRunning() {
  return succeeds(program, ["exec", engineFolder, "true"])
}

/** The command line that runs a program of this machine in the engine's network. */
export function inEngineNetwork(command, ...args) {
  return [program, ["exec", engineFolder, command, ...args]]
}
