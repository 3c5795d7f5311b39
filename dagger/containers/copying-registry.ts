// The registry port: our own client, oras for what moves layers, and crane for the second opinion. The requests that
// these two make are theirs: a copy is counted as a copy.
import type { Digest } from "../../core/oci/digest.js"
import { blobsOf, parseManifest } from "../../core/oci/manifest.js"
import { bare, pinnedName, type PinnedReference, type Repository, repositoryName } from "../../core/oci/reference.js"
import type { CopiedParts, Copy, Registry } from "../../core/ports.js"
import { MountCopy } from "../../registry/client/mount-copy.js"
import { RegistryClient } from "../../registry/client/registry-client.js"
import { notFound } from "../../registry/failure/failure-kinds.js"
import { RegistryError } from "../../registry/failure/registry-error.js"
import { type Access, hostOf } from "../../registry/http/access.js"
import type { ClientOptions } from "../../registry/limits/client-options.js"
import { retrying, type RetryPolicy } from "../../registry/retry.js"
import { readCopiedParts } from "./copied-parts.js"
import { knownParts } from "./known-parts.js"
import type { ToolError } from "./tool-error.js"
import { toolFailure } from "./tool-failure.js"
import type { ToolJob, Tools } from "./tool-job.js"

const MAX_BLOB_BYTES = 32 * 1024 * 1024 * 1024
const SMALL_OUTPUT_BYTES = 1024 * 1024

type Command = Omit<ToolJob, "maxOutputBytes"> & {
  readonly action: string
  readonly maxOutputBytes?: number
  readonly ask: (told: ToolError) => Promise<unknown>
}

export class CopyingRegistry extends RegistryClient implements Registry {
  private readonly mounts: MountCopy

  constructor(
    private readonly tools: Tools,
    access: Access,
    retry: RetryPolicy,
    options: ClientOptions = {},
  ) {
    super(access, retry, options)
    this.mounts = new MountCopy({
      http: this.http,
      writer: this.writer,
      manifest: (reference) => this.manifestBytes(reference),
      hasBlob: (repository, digest) => this.hasBlob(repository, digest),
      retrying: (work) => this.try(work),
    })
  }

  /** By digest, and tagged by our own client: a tag that may not move is then told apart from everything else. */
  async copy(copy: Copy): Promise<void> {
    const { source, target, tag } = copy
    if (!(await this.mountCopy(copy))) await this.orasCopy(copy)
    if (tag !== undefined) await this.tag({ ...bare(target), digest: source.digest }, tag)
  }

  // Which referrers there are has been listed, or it is a copy of layers between registries anyway.
  private async mountCopy({ source, target, referrers, attached }: Copy): Promise<boolean> {
    if (referrers && attached === undefined) return false
    const roots = [source.digest, ...(referrers ? (attached ?? []) : [])]
    const action = `copy ${pinnedName(source)} to ${repositoryName(target)}`
    return this.mounts.copy({ from: bare(source), to: bare(target), roots, action })
  }

  private async orasCopy({ source, target, referrers }: Copy): Promise<void> {
    const [from, to] = [pinnedName(source), repositoryName(target)]
    const access = between(source, target)
    const one = this.http.pace.isBounded(hostsOf(access)) ? ["--concurrency", "1"] : []
    const command = ["oras", "cp", "--no-tty", ...one, ...(referrers ? ["--recursive"] : []), from, to]
    const action = `copy ${from} to ${to}`
    const ask = (told: ToolError) => this.askForCopy(source, target, action, told)
    const parts = await knownParts(source, (one) => this.memory.known(one, one.digest))
    await this.http.quotas.require(hostOf(source.registry), parts.manifests, action)
    const size = parts.size === undefined ? {} : { bytes: parts.size }
    const stdout = await this.runTool({ action, command, access, long: true, ...size, ask })
    this.countCopy(target, `manifests/${source.digest}`, readCopiedParts(stdout, parts.bytes))
    // The tool was told how many pulls are left, and we were not: a HEAD tells, and costs none.
    if (this.http.quotas.isKnown(hostOf(source.registry))) await this.resolve(source)
  }

  async copyBlob(source: Repository, target: Repository, digest: Digest): Promise<void> {
    const [from, to] = [pinnedName({ ...source, digest }), pinnedName({ ...target, digest })]
    const read = { command: ["oras", "blob", "fetch", "--no-tty", "--output", "blob", from], access: at(source) }
    const write = { command: ["oras", "blob", "push", "--no-tty", to, "blob"], access: at(target) }
    const action = `copy the blob ${from} to ${to}`
    const ask = async () => {
      if (!(await this.hasBlob(source, digest))) throw absent(action, from)
      await this.probeUpload(target, action)
    }
    const size = { bytes: MAX_BLOB_BYTES, maxOutputBytes: MAX_BLOB_BYTES }
    await this.runTool({ action, ...read, then: [write], long: true, ...size, ask })
    this.countCopy(target, `blobs/${digest}`)
  }

  /** By crane: what one tool wrote, another one reads. */
  async validate(reference: PinnedReference): Promise<void> {
    const name = pinnedName(reference)
    const command = ["crane", "validate", "--fast", "--remote", name]
    const action = `validate ${name}`
    await this.runTool({ action, command, access: at(reference), ask: () => this.askForParts(reference, action) })
  }

  /** A command holds one place at each registry with a concurrency; asking why it failed is the client's own work. */
  private runTool({ action, ask, maxOutputBytes = SMALL_OUTPUT_BYTES, ...job }: Command): Promise<string> {
    const { pace } = this.http
    const hosts = hostsOf([job, ...(job.then ?? [])].flatMap(({ access }) => access))
    const run = async () => {
      for (const host of hosts) await pace.turn(host)
      return this.tools.run({ ...job, maxOutputBytes })
    }
    const attempt = async () => {
      const result = await pace.places(hosts, run)
      if (result.exitCode !== 0) throw await toolFailure({ tool: job.command[0] ?? "", action, result, ask })
      return result.stdout.toString("utf8")
    }
    return retrying(this.retry, attempt, (error, pause) => this.http.again(error, pause))
  }

  // A copy's own requests are oras's; that there was one, and what it said, is told.
  private countCopy({ registry, repository }: Repository, path: string, copied?: CopiedParts): void {
    const url = `https://${hostOf(registry)}/v2/${repository}/${path}`
    this.http.exchanges.push({ method: "COPY", url, ...(copied === undefined ? {} : { copied }) })
  }

  private async askForCopy(
    source: PinnedReference,
    target: Repository,
    action: string,
    told: ToolError,
  ): Promise<void> {
    if ((await this.resolve(source)) === undefined) throw absent(action, pinnedName(source))
    if (told.missing !== undefined) {
      const part = { ...bare(source), digest: told.missing }
      if ((await this.freshManifest(part)) === undefined && !(await this.hasBlob(source, told.missing)))
        throw absent(action, pinnedName(part))
    }
    await this.resolve({ ...bare(target), digest: source.digest })
    await this.probeUpload(target, action)
  }

  private async askForParts(reference: PinnedReference, action: string): Promise<void> {
    const bytes = await this.freshManifest(reference)
    if (bytes === undefined) throw absent(action, pinnedName(reference))
    const manifest = parseManifest(bytes, { reference: pinnedName(reference), digest: reference.digest })
    if (manifest.kind === "index") return
    for (const { digest } of blobsOf(manifest))
      if (!(await this.hasBlob(reference, digest))) throw absent(action, pinnedName({ ...bare(reference), digest }))
  }
}

function hostsOf(access: ToolJob["access"]): readonly string[] {
  return [...new Set(access.map(({ repository }) => hostOf(repository.registry)))]
}

function at(repository: Repository): ToolJob["access"] {
  return [{ side: "", repository }]
}

function between(from: Repository, to: Repository): ToolJob["access"] {
  return [
    { side: "from", repository: from },
    { side: "to", repository: to },
  ]
}

function absent(action: string, name: string): RegistryError {
  return new RegistryError(action, { ...notFound, what: `${name} is not there` })
}
