// `npm test`: everything from a fresh machine to a verdict. Arguments go to vitest, and limit the set-up to what they
// ask for: `npm test -- --project unit` needs no engine.
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { cosignProgram } from "../test/cosign/cosign.mjs"
import { imagesFolder } from "../test/images/images.mjs"
import { freshDate, staleDate, trivyDatabaseFolder } from "../test/trivy-db/trivy-db.mjs"
import { registriesProgram } from "../test/registries/registries.mjs"
import { environment, noEnvironment, programEnvironment } from "./environment.mjs"
import { fail, run } from "./process.mjs"
import { installDebianPackages, installNodeModules, root } from "./setup.mjs"
import { summaryOf } from "./test-summary.mjs"

const args = process.argv.slice(2)
const projects = args.flatMap((arg, i) =>
  arg === "--project" ? [args[i + 1]] : (arg.match(/^--project=(.*)/)?.[1] ?? []),
)
const unitOnly = projects.length > 0 && projects.every((project) => project === "unit")
const failed = []

// A step that fails does not keep the others from saying what they have to say.
async function step(name, ...command) {
  console.error(`cssc: ${name}`)
  await run(...command).catch(() => failed.push(name))
}

async function vitest(env) {
  const folder = mkdtempSync(join(tmpdir(), "cssc-test-"))
  try {
    const file = join(folder, "report.json")
    const options = ["run", "--reporter=default", "--reporter=json", `--outputFile.json=${file}`, ...args]
    await step("tests", "node_modules/.bin/vitest", options, { cwd: root, env })
    return summaryOf(file, { all: args.length === 0 })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

// Parts are built here, where it may take minutes, and not within the time that a test has.
async function prepared() {
  await registriesProgram()
  await imagesFolder()
  await cosignProgram()
  await trivyDatabaseFolder(freshDate())
  await trivyDatabaseFolder(staleDate)
  return environment()
}

async function main() {
  if (!unitOnly) await installDebianPackages()
  await installNodeModules()
  await step("typecheck", "npm", ["run", "-s", "typecheck"], { cwd: root })
  await step("lint", "npm", ["run", "-s", "lint"], { cwd: root })
  const surroundings = unitOnly ? noEnvironment : await prepared()
  try {
    const { line, problems } = await vitest(programEnvironment(surroundings))
    for (const problem of [...failed.map((name) => `${name} failed, see above`), ...problems]) fail(problem)
    console.log(line)
  } finally {
    await surroundings.stop()
  }
}

await main().catch(fail)
