// What the official SDK does before it runs a module: its npm, and its own TypeScript mounted where the module's would
// be. https://github.com/dagger/dagger/blob/v0.21.8/sdk/typescript/runtime/runtime_node.go (withInstalledDependencies)
import { execFileSync } from "node:child_process"
import { readFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { connection, type Container, dag, ReturnType } from "@dagger.io/dagger"
import { beforeAll, describe, expect, it } from "vitest"
import { moduleFolder } from "../support/dagger-cli.js"

type PackageJson = {
  readonly dependencies: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
}
type Installed = { readonly ranNpm: boolean; readonly module: Container }

const bundledTypescript = "5.9.3"
const npmVersion = "11.8.0"

const ours = JSON.parse(readFileSync(join(moduleFolder, "package.json"), "utf8")) as PackageJson
// As ours was at commit 1855e88: TypeScript in the version that the SDK mounts over, and another package beside it.
const former: PackageJson = { ...ours, dependencies: { typescript: bundledTypescript, "p-limit": "7.3.3" } }

async function inSession<T>(work: () => Promise<T>): Promise<T> {
  let result: Promise<T> | undefined
  await connection(async () => void (await (result = work())), { Workdir: tmpdir() })
  if (result === undefined) throw new Error("the engine gave no session")
  return result
}

/** A container of the engine's SDK, that of the least module there is, and the TypeScript that the SDK mounts. */
async function sdkContainer() {
  const { container, folder } = await runtimeOf(join(moduleFolder, "test/bench/constant"))
  return { container, typescript: container.directory(join(folder, "node_modules/typescript")) }
}

/** The container in which the engine's SDK runs a module, and the module's folder there. */
async function runtimeOf(path: string): Promise<{ container: Container; folder: string }> {
  const container = dag.moduleSource(path).asModule().runtime()
  const entrypoint = await container.entrypoint()
  return { container, folder: join(dirname(entrypoint.at(-1) ?? ""), "..") }
}

/** The official sequence for npm, on a package.json; an npm that fails is let be. */
async function install(config: PackageJson): Promise<Installed> {
  const { container, typescript } = await sdkContainer()
  const { "@dagger.io/dagger": _, ...devDependencies } = config.devDependencies ?? {}
  const module = container
    .withWorkdir("/install")
    .withNewFile("package.json", JSON.stringify({ ...config, type: "module", devDependencies }))
    .withMountedCache("/root/.npm", dag.cacheVolume("cssc-install-test-npm"))
    .withExec([
      "sh",
      "-c",
      `npm -v | grep -qx ${npmVersion.replaceAll(".", "\\.")} || npm install -g npm@${npmVersion}`,
    ])
  const mounts = config.dependencies.typescript === bundledTypescript
  const withTypescript = mounts ? module.withMountedDirectory("node_modules/typescript", typescript) : module
  if (mounts && Object.keys(config.dependencies).length === 1) return { ranNpm: false, module: withTypescript }
  const files = dag.host().directory(moduleFolder, { include: ["package-lock.json", ".npmrc"] })
  const npm = withTypescript
    .withDirectory(".", files)
    .withExec(["npm", "install", "--omit=dev"], { expect: ReturnType.Any })
  return { ranNpm: true, module: npm }
}

describe("the official SDK's way to install", () => {
  beforeAll(() => {
    // The library would download the CLI.
    process.env._EXPERIMENTAL_DAGGER_CLI_BIN ??= execFileSync("sh", ["-c", "command -v dagger"]).toString().trim()
  })

  it("runs no npm for this module, or one that succeeds, and then finds TypeScript", async () => {
    const found = await inSession(async () => {
      const { ranNpm, module } = await install(ours)
      const exitCode = ranNpm ? await module.exitCode() : 0
      return { exitCode, version: await module.withExec(["node", "-p", "require('typescript').version"]).stdout() }
    })
    expect(found).toEqual({ exitCode: 0, version: expect.stringMatching(/^[56]\.\d+\.\d+\n$/) as string })
  })

  it("fails on a package.json as it was at 1855e88", async () => {
    const { exitCode, said } = await inSession(async () => {
      const { module } = await install(former)
      return { exitCode: await module.exitCode(), said: await module.stderr() }
    })
    expect(exitCode).not.toBe(0)
    expect(said).toMatch(/EBUSY: resource busy or locked, rename '\/install\/node_modules\/typescript'/)
  })

  it("leaves nothing beside TypeScript and the library where this module's packages would be", async () => {
    const packages = await inSession(async () => {
      const { container, folder } = await runtimeOf(moduleFolder)
      return container.withExec(["ls", "-A", join(folder, "node_modules")]).stdout()
    })
    expect(packages.trim().split("\n").sort()).toEqual(["@dagger.io", "typescript"])
  })
})
