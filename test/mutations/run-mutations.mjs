// Runs the tests of all mutations in one vitest: each on sources in which that mutation alone is made, and all on the
// sources as they are. A source is changed as it is loaded, so that nothing is copied. Prints the outcomes as JSON.
import { fileURLToPath } from "node:url"
import { createVitest } from "vitest/node"
import { mutations } from "./mutations.mjs"

const root = fileURLToPath(new URL("../..", import.meta.url))
const minutes = 60_000
const whole = "whole"

// Against the registry with the API alone, where a mutation says nothing else: one is enough to miss a check.
const titleOf = ({ testName, within = "on api" }) => `${within} ${testName}`.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")
const patternOf = (...some) => new RegExp(`(${some.map(titleOf).join("|")})`)

function mutate({ file, find, replace }) {
  const transform = (code, id) => (id.split("?")[0] === root + file ? code.replace(find, () => replace) : undefined)
  return { name: "mutate", enforce: "pre", transform }
}

function project(name, plugins) {
  return { extends: true, plugins, test: { name, testTimeout: minutes, hookTimeout: 2 * minutes } }
}

function specify(vitest, name, test, ...some) {
  const found = vitest.projects.find((one) => one.name === name)
  return found.createSpecification(root + test, { testNamePattern: patternOf(...some) })
}

function outcome({ testModules }, name, mutation) {
  const modules = testModules.filter(
    (module) => module.project.name === name && module.moduleId === root + mutation.test,
  )
  const tests = modules.flatMap(({ children }) => [...children.allTests()])
  const named = tests.filter(({ fullName }) => patternOf(mutation).test(fullName.replaceAll(" > ", " ")))
  const count = (state) => named.filter((test) => test.result().state === state).length
  return { passed: count("passed"), failed: count("failed") }
}

const projects = [project(whole, []), ...mutations.map((mutation) => project(mutation.name, [mutate(mutation)]))]
const vitest = await createVitest("test", { root, watch: false, reporters: [{}] }, { test: { projects } })
const run = await vitest.runTestSpecifications([
  ...mutations.map((mutation) => specify(vitest, mutation.name, mutation.test, mutation)),
  ...[...new Set(mutations.map(({ test }) => test))].map((test) =>
    specify(vitest, whole, test, ...mutations.filter((mutation) => mutation.test === test)),
  ),
])
const outcomes = mutations.map((mutation) => [
  mutation.name,
  { mutated: outcome(run, mutation.name, mutation), whole: outcome(run, whole, mutation) },
])
await vitest.close()
process.stdout.write(`\n${JSON.stringify(Object.fromEntries(outcomes))}\n`)
// That tests fail is what is wanted here.
process.exitCode = 0
