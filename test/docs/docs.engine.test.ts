// The README's and the tutorial's commands as a reader pastes them, on registries of this machine: the names of public ones are
// replaced, and what a reader's engine would pull is passed.
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, expect, it } from "vitest"
import { bind, moduleFolder, runProgram, toolboxArguments } from "../support/dagger-cli.js"
import { imagesLayout, pushLayout, trivyDatabase } from "../support/parts.js"
import { startRegistry, type TestRegistry } from "../support/registry.js"
import { shellBlocks } from "./commands.js"

let folder: string
let registry: TestRegistry
let address: string

// Stands before the real CLI: the module of this checkout, its toolbox and database, and the registry after the constructor.
const shim = (constructor: readonly string[], builders: readonly string[]) => `#!/bin/bash
args=() ; called=""
while [ $# -gt 0 ]; do
  case $1 in
    -m) shift 2; continue ;;
    call) args+=(call ${constructor.join(" ")}); shift; called=yes
      while [[ \${1:-} == --* ]]; do
        args+=("$1"); [[ $1 == *=* ]] || { shift; args+=("$1"); }
        shift
      done
      args+=(${builders.join(" ")}); continue ;;
  esac
  args+=("$1"); shift
done
cd "$WORK_MODULE_FROM" && exec "$REAL_DAGGER" -m ${moduleFolder} "\${args[@]}"
`

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cssc-docs-"))
  registry = await startRegistry("api")
  const bound = bind(registry, "house.test")
  address = bound.address
  await pushLayout(await imagesLayout(), "clean", { registry, repository: "upstream/python", tag: "3.14-slim" })
  const database = ["--database-directory", join(await trivyDatabase(), "db")]
  const file = join(folder, "dagger")
  await writeFile(file, shim([...toolboxArguments(), ...database], bound.arguments))
  await chmod(file, 0o755)
  await writeFile(join(folder, "policy.yaml"), "version: 1\nseverity: HIGH\n")
  await writeFile(join(folder, "config.json"), JSON.stringify({ auths: { "ghcr.io": { auth: "YTpi" } } }))
})

afterAll(async () => {
  await registry.stop()
  await rm(folder, { recursive: true })
})

/** Runs a page's blocks in one shell, as somebody does who goes through it from top to bottom. */
async function follow(blocks: readonly string[], before = ""): Promise<string> {
  const text = [before, ...blocks]
    .join("\n")
    .replaceAll("docker.io/library/python", `${address}/upstream/python`)
    .replaceAll(/ghcr\.io\/acme/g, `${address}`)
    .replaceAll('"file://$HOME/.docker/config.json"', `file://${join(folder, "config.json")}`)
  const env = {
    PATH: `${folder}:${process.env.PATH ?? ""}`,
    GHCR_USER: "robot",
    GHCR_TOKEN: "any",
    WORK_MODULE_FROM: folder,
  }
  const real = { REAL_DAGGER: process.env._EXPERIMENTAL_DAGGER_CLI_BIN ?? "dagger", DAGGER_PROGRESS: "logs" }
  const onlyEnv = { ...(process.env as Record<string, string>), ...env, ...real }
  const run = await runProgram("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", text], {
    cwd: folder,
    onlyEnv,
  })
  expect([run.code, run.code === 0 ? "" : run.stderr.slice(-3000)]).toEqual([0, ""])
  return run.stdout
}

it("the tutorial goes from an image to a proof, and a daily run finds nothing to do", async () => {
  const printed = await follow(shellBlocks("docs/tutorial.md"))
  expect(printed).toContain(`${address}/golden/python@sha256:`)
  expect(printed).toMatch(/1 promoted already, unchanged/)
})

it("the README's three commands do what they say", async () => {
  const block = shellBlocks("README.md").find((one) => one.includes("cssc mirror")) ?? ""
  // The README leaves the key to the how-to: without one there is no proof to verify, and with the tutorial's there is.
  const signed = block.replace("cssc promote", "cssc --signing-key file://gate.key promote")
  const printed = await follow([signed.replaceAll("/golden/python", "/golden/python-readme")])
  expect(printed).toContain(`${address}/golden/python-readme@sha256:`)
})
