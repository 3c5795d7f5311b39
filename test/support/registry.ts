// Test registries for suites that need real ones: the program of ../registries, one process per registry.
import { type ChildProcess, spawn } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { registriesProgram } from "../registries/registries.mjs"

/** `api` has the referrers API, `distribution` (the CNCF registry) leaves clients to the referrers tag schema. */
export type RegistryKind = "api" | "distribution"

export type RegistryOptions = {
  /** Password by user name; turns token authentication on. */
  readonly users?: Readonly<Record<string, string>>
  /** `name:repository-glob:pull,push,delete`; a user without one may do all, the empty name is anybody. */
  readonly allow?: readonly string[]
  readonly tokenRealm?: string
  /** Short ones expire during a copy. */
  readonly tokenSeconds?: number
  /** Names and addresses for a certificate; the CA's is then in `certificate`. */
  readonly tlsNames?: readonly string[]
  readonly latencyMilliseconds?: number
  /** Address to listen on; by default any free port of 127.0.0.1. */
  readonly listen?: string
  /** File that gets one JSON line per request. */
  readonly requestLog?: string
}

export type RequestRecord = {
  readonly time: string
  readonly method: string
  readonly path: string
  readonly query: string
  readonly status: number
  readonly userAgent: string
  readonly kind: "ping" | "manifest" | "blob" | "upload" | "referrers" | "tags" | "token" | "other"
  readonly host: string
}

/** Something wrong that the registry does until cleared, or `times` often after `skip` matching requests. */
export type Fault = {
  readonly match?: { readonly method?: string; readonly pathRegex?: string }
  readonly skip?: number
  readonly times?: number
} & (
  | {
      readonly kind?: undefined
      readonly status: number
      readonly headers?: Readonly<Record<string, string>>
      readonly body?: string
    }
  | { readonly kind: "corrupt" | "drop-blob"; readonly digest: string }
  | { readonly kind: "cyclic-referrers"; readonly digests?: readonly string[] }
  | { readonly kind: "wrong-artifact-types"; readonly artifactType?: string }
  | { readonly kind: "immutable-tags"; readonly tags?: string; readonly status?: 409 | 412 }
  | { readonly kind: "lying-referrers-tag" | "no-referrers-api" | "oversized-manifest" }
  | { readonly kind: "missing-repository" | "delete-unsupported" | "disconnect" }
)

export type TestRegistry = {
  readonly address: string
  readonly url: string
  /** Path of the CA's certificate, with TLS. */
  readonly certificate: string | undefined
  requests(): Promise<readonly RequestRecord[]>
  resetRequests(): Promise<void>
  fault(fault: Fault): Promise<void>
  clearFaults(): Promise<void>
  stop(): Promise<void>
}

/** Starts a registry; its caller stops it. */
export async function startRegistry(kind: RegistryKind, options: RegistryOptions = {}): Promise<TestRegistry> {
  const folder = mkdtempSync(join(tmpdir(), "cssc-registry-"))
  const certificate = options.tlsNames && join(folder, "ca.pem")
  const args = [`--kind=${kind}`, ...flagsOf(options), ...(certificate ? [`--tls-ca-out=${certificate}`] : [])]
  const child = spawn(await registriesProgram(), args, {
    env: { ...process.env, TMPDIR: folder, OTEL_TRACES_EXPORTER: "none" },
    stdio: ["pipe", "pipe", "pipe"],
  })
  const [address, control] = await firstLines(child)
  return {
    address,
    url: `${certificate ? "https" : "http"}://${address}`,
    certificate,
    requests: async () => (await ask(control, "/_requests")).json() as Promise<RequestRecord[]>,
    resetRequests: async () => void (await ask(control, "/_requests", "DELETE")),
    fault: async (fault) => void (await ask(control, "/_faults", "POST", fault)),
    clearFaults: async () => void (await ask(control, "/_faults", "DELETE")),
    stop: () => stop(child, folder),
  }
}

function flagsOf(options: RegistryOptions): string[] {
  const flag = (name: string, value: unknown) => (value === undefined ? [] : [`--${name}=${String(value)}`])
  return [
    ...flag("listen", options.listen),
    ...flag("request-log", options.requestLog),
    ...flag("latency", options.latencyMilliseconds && `${options.latencyMilliseconds}ms`),
    ...flag("tls-names", options.tlsNames?.join(",")),
    ...flag("token-realm", options.tokenRealm),
    ...flag("token-ttl", options.tokenSeconds && `${options.tokenSeconds}s`),
    ...Object.entries(options.users ?? {}).flatMap(([name, password]) => flag("user", `${name}:${password}`)),
    ...(options.allow ?? []).flatMap((allow) => flag("allow", allow)),
  ]
}

// The program prints its two addresses when it listens; if it ends before, the reason is on stderr.
function firstLines(child: ChildProcess): Promise<[string, string]> {
  return new Promise((resolve, reject) => {
    const lines: string[] = []
    let reason = ""
    child.stderr?.on("data", (text: Buffer) => (reason += text.toString()))
    child.on("error", reject)
    child.on("exit", () => reject(new Error(`the test registry did not start: ${reason}`)))
    if (!child.stdout) return
    createInterface(child.stdout).on("line", (line) => {
      lines.push(line)
      const [address, control] = lines
      if (address && control) resolve([address, control])
    })
  })
}

async function ask(control: string, path: string, method = "GET", body?: unknown): Promise<Response> {
  const init = body === undefined ? { method } : { method, body: JSON.stringify(body) }
  const response = await fetch(`http://${control}${path}`, init)
  if (!response.ok) throw new Error(`test registry: ${method} ${path}: ${await response.text()}`)
  return response
}

async function stop(child: ChildProcess, folder: string): Promise<void> {
  const ended = child.exitCode === null && new Promise((resolve) => child.once("close", resolve))
  child.kill()
  await ended
  rmSync(folder, { recursive: true, force: true })
}
