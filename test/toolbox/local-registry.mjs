// The registry that the hermetic engine sees as localhost:5000, over plain HTTP. It runs in the engine's network only,
// keeps its manifests in memory, and holds what the module takes as container arguments.
import { spawn } from "node:child_process"
import { mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { engineFolder, inEngineNetwork } from "../../scripts/hermetic-engine.mjs"
import { locked } from "../../scripts/lock.mjs"
import { run, succeeds } from "../../scripts/process.mjs"

const address = "localhost:5000"
const pidFile = join(engineFolder, "registry.pid")
const attempts = 100

/**
 * Makes sure that the registry runs and holds the images.
 *
 * @param crane path of the program
 * @param images layout and digest by repository
 * @returns the pinned reference of each image, by repository
 */
export function serveImages(crane, images) {
  return locked(join(engineFolder, "registry.lock"), () => serve(crane, images))
}

async function serve(crane, images) {
  const references = Object.entries(images).map(([name, { digest }]) => [name, `${address}/${name}@${digest}`])
  const served = await Promise.all(references.map(([, reference]) => holds(crane, reference)))
  if (!served.every(Boolean)) {
    await start(crane)
    for (const [name, { layout }] of Object.entries(images)) await push(crane, layout, `${address}/${name}:test`)
  }
  return Object.fromEntries(references)
}

/** Ends the registry, if it is this one that runs under the noted process id. */
export function stopRegistry() {
  const pid = noted()
  if (pid && commandLine(pid).includes("registry\0serve")) process.kill(pid)
  rmSync(pidFile, { force: true })
}

async function start(crane) {
  if (await isUp(crane)) return
  stopRegistry()
  const blobs = join(engineFolder, "registry")
  mkdirSync(blobs, { recursive: true })
  const log = openSync(join(engineFolder, "registry.log"), "w")
  const command = inEngineNetwork(crane, "registry", "serve", "--address", "127.0.0.1:5000", "--disk", blobs)
  const child = spawn(...command, { detached: true, stdio: ["ignore", log, log] })
  writeFileSync(pidFile, String(child.pid))
  child.unref()
  for (let i = 0; i < attempts; i++) {
    if (await isUp(crane)) return
    await sleep(100)
  }
  throw new Error(`the registry in the engine's network did not start, see ${engineFolder}/registry.log`)
}

function isUp(crane) {
  return succeeds(...inEngineNetwork(crane, "catalog", address))
}

function holds(crane, reference) {
  return succeeds(...inEngineNetwork(crane, "manifest", reference))
}

function push(crane, layout, reference) {
  return run(...inEngineNetwork(crane, "push", layout, reference), { quiet: true })
}

function noted() {
  try {
    return Number(readFileSync(pidFile, "utf8"))
  } catch {
    return 0
  }
}

function commandLine(pid) {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8")
  } catch {
    return ""
  }
}
