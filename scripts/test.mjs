// `npm test`: everything from a fresh machine to a verdict. Arguments go to vitest, and limit the set-up to what they
// ask for: `npm run test:unit` needs the npm packages alone, `npm run test:contract` no engine.
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { checks } from "./checks.mjs"
import { programEnvironment } from "./environment.mjs"
import { prepared } from "./prepare.mjs"
import { fail, run } from "./process.mjs"
import { installDebianPackages, installNodeModules, root } from "./setup.mjs"
import { planOf } from "./test-plan.mjs"
import { summaryOf } from "./test-summary.mjs"

const plan = planOf(process.argv.slice(2))

async function inEnvironment(work) {
  const surroundings = await prepared(plan.kinds)
  try {
    return await work(programEnvironment(surroundings))
  } finally {
    await surroundings.stop()
  }
}

function vitest(env, options, more) {
  return run("node_modules/.bin/vitest", [...plan.args, ...options], { cwd: root, env, ...more })
}

async function tested(env) {
  const folder = mkdtempSync(join(tmpdir(), "cssc-test-"))
  const file = join(folder, "report.json")
  try {
    const reports = ["--reporter=default", "--reporter=json", `--outputFile.json=${file}`]
    const failed = await vitest(env, reports).then(
      () => [],
      () => ["tests"],
    )
    return { failed, ...summaryOf(file, { all: plan.all }) }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function main() {
  if (plan.kinds.some((kind) => kind !== "unit")) await installDebianPackages()
  await installNodeModules()
  if (plan.watch) return inEnvironment((env) => vitest(env, [], { input: "inherit", output: "inherit" }))
  const [failed, tests] = await Promise.all([plan.all ? checks() : [], inEnvironment(tested)])
  const problems = [...failed, ...tests.failed].map((name) => `${name} failed, see above`)
  for (const problem of [...problems, ...tests.problems]) fail(problem)
  console.log(tests.line)
}

await main().catch(fail)
