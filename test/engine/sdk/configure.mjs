// configure.mjs DIR: rewrites the package.json and tsconfig.json in DIR as the SDK wants them, and says in DIR/install
// how the module gets its packages: "none", when TypeScript is all and the SDK brings it, or "npm".
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"

const bundledTypescript = "5.9.3"
const library = "@dagger.io/dagger"
const folder = process.argv[2]

function rewrite(name, change) {
  const file = join(folder, name)
  const text = readFileSync(file, "utf8")
  const before = JSON.parse(withoutComments(text))
  const after = structuredClone(before)
  change(after)
  if (JSON.stringify(after) !== JSON.stringify(before)) writeFileSync(file, JSON.stringify(after, null, 2) + "\n")
  return before
}

// Of comments, `//` alone: outside of strings, to the end of the line.
function withoutComments(text) {
  return text.replace(/"(?:[^"\\]|\\.)*"|\/\/.*/g, (found) => (found.startsWith('"') ? found : ""))
}

const { dependencies = {} } = rewrite("package.json", (config) => {
  config.type = "module"
  config.dependencies = { ...config.dependencies }
  config.dependencies.typescript ??= bundledTypescript
  delete config.dependencies[library]
  if (config.devDependencies) delete config.devDependencies[library]
})

rewrite("tsconfig.json", (config) => {
  config.compilerOptions ??= {}
  config.compilerOptions.paths = {
    ...config.compilerOptions.paths,
    [library]: ["./sdk/index.ts"],
    [`${library}/telemetry`]: ["./sdk/telemetry.ts"],
  }
  config.compilerOptions.experimentalDecorators = true
})

const bundled = dependencies.typescript === bundledTypescript && Object.keys(dependencies).length === 1
writeFileSync(join(folder, "install"), bundled ? "none" : "npm")
