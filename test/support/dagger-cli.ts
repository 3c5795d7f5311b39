// The module as an operator meets it: the real CLI in a process of its own, so in a session of its own.
import { spawn } from "node:child_process"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { trivyDatabase } from "./parts.js"
import type { TestRegistry } from "./registry.js"

export const moduleFolder = fileURLToPath(new URL("../..", import.meta.url))

export type CliRun = { readonly code: number; readonly stdout: string; readonly stderr: string }
export type CliOptions = {
  readonly cwd?: string
  /** Added to the environment of the tests. */
  readonly env?: Readonly<Record<string, string>>
  /** Instead of the environment of the tests. */
  readonly onlyEnv?: Readonly<Record<string, string>>
}

const transcript: string[] = []

/** All that every run of this test file has printed, progress included. */
export function everythingPrinted(): string {
  return transcript.join("\n")
}

/** Runs a program to its end, whatever its exit code. */
export function runProgram(command: string, args: readonly string[], options: CliOptions = {}): Promise<CliRun> {
  const env = options.onlyEnv ?? { ...process.env, ...options.env }
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: options.cwd ?? moduleFolder, env, stdio: ["ignore", "pipe", "pipe"] })
    const output = { stdout: "", stderr: "" }
    child.stdout.on("data", (data: Buffer) => (output.stdout += data.toString()))
    child.stderr.on("data", (data: Buffer) => (output.stderr += data.toString()))
    child.on("error", reject)
    child.on("close", (code) => {
      transcript.push(output.stdout, output.stderr)
      resolve({ code: code ?? -1, ...output })
    })
  })
}

/** `dagger call`; fails the test with what was printed when the call fails. */
export async function call(args: readonly string[], options?: CliOptions): Promise<string> {
  const { code, stdout, stderr } = await runProgram("dagger", ["call", ...args], options)
  if (code !== 0) throw new Error(`dagger call ${args.join(" ")} ended with ${code}\n${stderr.slice(-4000)}`)
  return stdout
}

/** `dagger call` that must fail; the error as the CLI prints it. */
export async function callError(args: readonly string[], options?: CliOptions): Promise<string> {
  const { code, stdout, stderr } = await runProgram("dagger", ["call", ...args], options)
  if (code === 0) throw new Error(`dagger call ${args.join(" ")} should have failed, but printed\n${stdout}`)
  return errorOf(stderr)
}

export async function callJson<T>(args: readonly string[], options?: CliOptions): Promise<T> {
  return JSON.parse(await call(args, options)) as T
}

/** The constructor's arguments: the toolbox of this checkout, where the engine has no way to the module's own. */
export function toolboxArguments(): string[] {
  const toolbox = process.env.CSSC_TOOLBOX
  return toolbox ? ["--toolbox", toolbox] : []
}

/** The vulnerability database of the tests, as a directory: an argument, so before all builders. */
export async function databaseArguments(age: "fresh" | "stale" = "fresh"): Promise<string[]> {
  return ["--database-directory", join(await trivyDatabase({ age }), "db")]
}

/** A registry on this machine's loopback under another host name: containers cannot reach the loopback itself. */
export type BoundRegistry = {
  readonly address: string
  /** The builder's words. */
  readonly arguments: readonly string[]
  /** The same of the constructor, which take no link of the chain; over plain HTTP, and for one registry. */
  readonly constructorArguments: readonly string[]
}

export function bind(registry: TestRegistry, host: string): BoundRegistry {
  const port = registry.address.split(":").at(-1) ?? ""
  const address = `${host}:${port}`
  const tls = registry.certificate === undefined ? [] : ["--tls"]
  const service = `tcp://${registry.address}`
  return {
    address,
    arguments: ["with-registry-service", "--address", address, "--service", service, ...tls],
    constructorArguments: ["--registry", address, "--registry-service", service],
  }
}

// The first line of the message; the CLI frames it differently from release to release.
function errorOf(stderr: string): string {
  const lines = stderr.split("\n").filter((line) => /\[[A-Z]+_[A-Z]+\]/.test(line))
  return lines.at(-1) ?? stderr.slice(-2000)
}
