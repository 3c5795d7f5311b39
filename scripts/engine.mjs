// `npm run -s engine -- env|start|stop`: the Dagger engine for this checkout. `env` prints shell exports, so that after
// `eval "$(npm run -s engine -- env)"` plain `dagger call …` works. All else that is said goes to stderr.
import { environment, stopAll } from "./environment.mjs"
import { fail } from "./process.mjs"
import { installDebianPackages } from "./setup.mjs"

const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`

async function start() {
  await installDebianPackages()
  return environment()
}

async function env() {
  const { variables, path } = await start()
  for (const [name, value] of Object.entries(variables)) console.log(`export ${name}=${quoted(value)}`)
  if (path) console.log(`export PATH=${quoted(path)}:"$PATH"`)
}

const commands = { env, start, stop: stopAll }
const name = process.argv[2] ?? ""

try {
  if (!Object.hasOwn(commands, name)) throw new Error("usage: npm run -s engine -- env | start | stop")
  await commands[name]()
} catch (error) {
  fail(error)
  // Under eval, the exit code of this program is lost: let the shell see the failure.
  if (name === "env") console.log("false")
}
