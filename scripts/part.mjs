// A part is something built once and kept under the cache folder, named by the content of what it is
// built from: change an input and it is built again, else it is there at once. A build that dies half
// way leaves nothing behind that could be mistaken for a part.
import { createHash } from "node:crypto"
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from "node:fs"
import { homedir } from "node:os"
import { join } from "node:path"
import { locked } from "./lock.mjs"
import { withProgress } from "./progress.mjs"

/** Where all parts live: `$XDG_CACHE_HOME/cssc`, by default `~/.cache/cssc`. */
export const cacheFolder = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "cssc")

/**
 * Returns the folder of a part, building it when it is missing.
 *
 * @param name what it is, one word; shown as progress and part of the folder's name
 * @param inputs files and folders (absolute) whose content decides, and strings such as versions
 * @param build makes the part inside of the empty folder that it is given; may return a promise
 */
export async function part(name, inputs, build) {
  const folder = join(cacheFolder, `${name}-${digestOf(inputs).slice(0, 16)}`)
  if (!existsSync(folder)) await locked(`${folder}.lock`, () => existsSync(folder) || make(name, folder, build))
  return folder
}

async function make(name, folder, build) {
  const draft = `${folder}.draft-${process.pid}`
  rmSync(draft, { recursive: true, force: true })
  mkdirSync(draft, { recursive: true })
  const started = Date.now()
  console.error(`cssc: building ${name} (once; kept in ${folder})`)
  try {
    await withProgress(`building ${name}`, () => build(draft))
    if (!existsSync(folder)) renameSync(draft, folder)
  } finally {
    rmSync(draft, { recursive: true, force: true })
  }
  console.error(`cssc: built ${name} in ${Math.round((Date.now() - started) / 1000)} s`)
}

function digestOf(inputs) {
  const hash = createHash("sha256")
  for (const input of inputs) {
    if (!input.startsWith("/")) hash.update(`\0${input}`)
    else for (const file of filesOf(input)) hash.update(`\0${file.slice(input.length)}\0`).update(readFileSync(file))
  }
  return hash.digest("hex")
}

function filesOf(path) {
  if (!statSync(path).isDirectory()) return [path]
  return readdirSync(path)
    .sort()
    .flatMap((name) => filesOf(join(path, name)))
}
