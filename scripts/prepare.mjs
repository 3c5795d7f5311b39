// What each kind of tests finds ready. Parts are built here, where it may take minutes, and not within the time that a
// test has.
import { cosignProgram } from "../test/cosign/cosign.mjs"
import { imagesFolder } from "../test/images/images.mjs"
import { registriesProgram } from "../test/registries/registries.mjs"
import { tools } from "../test/toolbox/tools.mjs"
import { freshDate, staleDate, trivyDatabaseFolder } from "../test/trivy-db/trivy-db.mjs"
import { environment, noEnvironment } from "./environment.mjs"
import { browserCommand } from "./setup.mjs"

/** Builds and starts what these kinds of tests need; returns their environment, as `environment` does. */
export async function prepared(kinds) {
  if (!kinds.includes("contract") && !kinds.includes("engine")) return noEnvironment
  const building = parts()
  // It is awaited below; until then its failure must not end the process.
  building.catch(() => undefined)
  const surroundings = kinds.includes("engine") ? await environment() : await toolsAlone()
  try {
    await building
  } catch (error) {
    await surroundings.stop()
    throw error
  }
  return surroundings
}

async function toolsAlone() {
  return { ...noEnvironment, variables: { CSSC_TOOLS: await tools() } }
}

async function parts() {
  await browserCommand()
  await registriesProgram()
  await imagesFolder()
  await cosignProgram()
  await trivyDatabaseFolder(freshDate())
  await trivyDatabaseFolder(staleDate)
}
