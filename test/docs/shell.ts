// A shell in which a reader's commands run on registries of this machine: the names of public ones are replaced, and what a
// reader's engine would pull is passed.
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { expect } from "vitest"
import { bind, databaseArguments, moduleFolder, runProgram, toolboxArguments } from "../support/dagger-cli.js"
import { hostCosign, hostTools } from "../support/parts.js"
import { startRegistry, type TestRegistry } from "../support/registry.js"

/** The host name of the registry inside the engine. */
const host = "house.test"

export type ReaderShell = {
  readonly registry: TestRegistry
  /** Where the registry is for the module: `house.test:PORT`. */
  readonly address: string
  readonly stop: () => Promise<void>
}

// Stands before the real CLI: the module of this checkout, its toolbox and database, and the registry after the constructor.
const daggerShim = (constructor: readonly string[], builders: readonly string[]) => `#!/bin/bash
args=()
while [ $# -gt 0 ]; do
  case $1 in
    -m) shift 2; continue ;;
    call) args+=(call ${constructor.join(" ")}); shift
      while [[ \${1:-} == --* ]]; do
        args+=("$1"); [[ $1 == *=* ]] || { shift; args+=("$1"); }
        shift
      done
      args+=(${builders.join(" ")}); continue ;;
  esac
  args+=("$1"); shift
done
exec "$REAL_DAGGER" -m ${moduleFolder} "\${args[@]}"
`

// Tools on this machine meet the registry at its loopback.
const toolShim = (program: string, more = "") => `#!/bin/bash
exec ${program} "\${@//${host}/127.0.0.1}" ${more}
`

export async function startReaderShell(): Promise<ReaderShell & { readonly programs: string }> {
  const registry = await startRegistry("api")
  const programs = await mkdtemp(join(tmpdir(), "cssc-docs-programs-"))
  const bound = bind(registry, host)
  const { oras } = await hostTools()
  const shims = {
    dagger: daggerShim([...toolboxArguments(), ...(await databaseArguments())], bound.arguments),
    oras: toolShim(oras, "--plain-http"),
    cosign: toolShim(await hostCosign()),
  }
  for (const [name, text] of Object.entries(shims)) {
    await writeFile(join(programs, name), text)
    await chmod(join(programs, name), 0o755)
  }
  const stop = async () => {
    await registry.stop()
    await rm(programs, { recursive: true })
  }
  return { registry, address: bound.address, programs, stop }
}

export type Followed = {
  /** Public names and placeholders, with what stands for them here. */
  readonly replaced: readonly (readonly [string | RegExp, string])[]
  readonly files?: Readonly<Record<string, string>>
  readonly variables?: Readonly<Record<string, string>>
}

/** Runs blocks in one shell, as somebody does who goes through a page from top to bottom; returns what they printed. */
export async function follow(
  { programs }: { readonly programs: string },
  blocks: readonly string[],
  { replaced, files = {}, variables = {} }: Followed,
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "cssc-docs-"))
  try {
    const given = { "config.json": JSON.stringify({ auths: { "ghcr.io": { auth: "YTpi" } } }), ...files }
    for (const [name, text] of Object.entries(given)) {
      await mkdir(dirname(join(folder, name)), { recursive: true })
      await writeFile(join(folder, name), text)
    }
    const config = ['"file://$HOME/.docker/config.json"', `file://${join(folder, "config.json")}`] as const
    const text = [...replaced, config].reduce((done, [from, to]) => done.replaceAll(from, to), blocks.join("\n"))
    const real = { REAL_DAGGER: process.env._EXPERIMENTAL_DAGGER_CLI_BIN ?? "dagger", DAGGER_PROGRESS: "logs" }
    const path = { PATH: `${programs}:${process.env.PATH ?? ""}` }
    const onlyEnv = { ...(process.env as Record<string, string>), ...path, ...real, ...variables }
    const words = ["--noprofile", "--norc", "-xeo", "pipefail", "-c", text]
    const run = await runProgram("bash", words, { cwd: folder, onlyEnv })
    expect([run.code, run.code === 0 ? "" : run.stderr.slice(-4000)]).toEqual([0, ""])
    return run.stdout
  } finally {
    await rm(folder, { recursive: true })
  }
}
