// `npm run bench -- NAME…`: measures, and asserts nothing about time. Without a name it says what there is.
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { programEnvironment } from "./environment.mjs"
import { prepared } from "./prepare.mjs"
import { fail, run } from "./process.mjs"
import { root } from "./setup.mjs"

const folder = join(root, "test/bench")
const end = ".bench.ts"
const names = readdirSync(folder).flatMap((file) => (file.endsWith(end) ? [file.slice(0, -end.length)] : []))

// What each measures stands at the head of its file.
function help() {
  console.log("usage: [BEFORE=/path/to/another/checkout] [ROUNDS=3] npm run -s bench -- NAME…\n")
  for (const name of names) {
    const [head = ""] = /^(\/\/.*\n)+/.exec(readFileSync(join(folder, name + end), "utf8")) ?? []
    console.log(`${name}\n${head.replace(/^\/\/ /gm, "    ")}`)
  }
}

async function measure(asked) {
  const unknown = asked.find((name) => !names.includes(name))
  if (unknown !== undefined) throw new Error(`there is no bench "${unknown}": ${names.join(", ")}`)
  const surroundings = await prepared(["engine"])
  try {
    const files = asked.map((name) => join("test/bench", name + end))
    // Files first: an option that stands before them would take one for its value.
    const options = ["run", ...files, "--config", "test/bench/vitest.config.ts", "--disable-console-intercept"]
    await run("node_modules/.bin/vitest", options, {
      cwd: root,
      env: programEnvironment(surroundings),
      output: "inherit",
    })
  } finally {
    await surroundings.stop()
  }
}

const asked = process.argv.slice(2)
if (asked.length === 0) help()
else await measure(asked).catch(fail)
