// What a fresh machine lacks. These scripts run before node_modules exists, so they use what Node brings alone.
import { createHash } from "node:crypto"
import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { run, succeeds } from "./process.mjs"

/** The folder of this checkout. */
export const root = fileURLToPath(new URL("..", import.meta.url))

const debianPackages = {
  mmdebstrap: "mmdebstrap",
  nsenter: "util-linux",
  flock: "util-linux",
  tar: "tar",
  xargs: "findutils",
  pip3: "python3-pip",
  jq: "jq",
}

/** Installs the Debian packages that are missing, after saying so. */
export async function installDebianPackages() {
  if (!(await found("go"))) throw new Error("Go 1.26 or later is required: install it and put `go` on the PATH")
  const missing = new Set()
  for (const [command, name] of Object.entries(debianPackages)) if (!(await found(command))) missing.add(name)
  if (missing.size > 0) await install([...missing])
}

/** Any of these browsers will do; the first is the Debian package that is installed when there is none. */
const browsers = ["chromium", "google-chrome", "google-chrome-stable", "chromium-browser"]

/** Returns the command of a Chromium, which the reports are looked at with; installs one when there is none. */
export async function browserCommand() {
  for (const command of browsers) if (await found(command)) return command
  await install(["chromium"])
  return "chromium"
}

async function install(names) {
  const install = ["install", "--yes", "--no-install-recommends", ...names]
  if (process.getuid?.() !== 0) throw new Error(`packages are missing: run \`sudo apt-get ${install.join(" ")}\``)
  console.error(`cssc: installing Debian packages: ${names.join(", ")}`)
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" }
  await run("apt-get", ["-qq", "update"], { env })
  await run("apt-get", ["-qq", ...install], { env })
}

/** Installs the npm packages when there are none yet, or the lock file is another than it was then. */
export async function installNodeModules() {
  const stamp = join(root, "node_modules/.cssc-lock")
  const lock = createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex")
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === lock) return
  console.error("cssc: installing npm packages (npm ci)")
  await run("npm", ["ci", "--no-audit", "--no-fund"], { cwd: root })
  writeFileSync(stamp, lock)
}

function found(command) {
  return succeeds("sh", ["-c", `command -v ${command}`])
}
