// The registry port over oras, and crane where oras has no command. One method is one command, so that its requests
// are known: docs/performance.md counts them.
import { CsscError } from "../src/errors.js"
import { type Digest, matchesDigest, parseDigest } from "../src/oci/digest.js"
import { MAX_MANIFEST_BYTES } from "../src/oci/manifest.js"
import {
  type PinnedReference,
  pinnedName,
  type Reference,
  type Repository,
  repositoryName,
} from "../src/oci/reference.js"
import { parseDiscovery, type ReferrerTree } from "../src/oci/referrers.js"
import type { Artifact, Copy, Registry } from "../src/pipeline/ports.js"
import { type HttpExchange, RegistryFailure, registryFailure } from "../src/pipeline/registry-failure.js"
import { type RetryPolicy, retrying } from "../src/pipeline/retry.js"
import type { ToolJob, ToolResult, Tools } from "./tool-job.js"
import { errorLines, readTrace } from "./tool-trace.js"

const MAX_LISTING_BYTES = 64 * 1024 * 1024
const MAX_BLOB_BYTES = 32 * 1024 * 1024 * 1024
const SMALL_OUTPUT_BYTES = 1024 * 1024

type Command = Omit<ToolJob, "maxOutputBytes"> & { maxOutputBytes?: number; action: string }

export class OrasRegistry implements Registry {
  readonly exchanges: HttpExchange[] = []

  constructor(
    private readonly tools: Tools,
    private readonly retry: RetryPolicy,
  ) {}

  async resolve(reference: Reference): Promise<Digest | undefined> {
    const name = nameOf(reference)
    const found = await this.ifFound({
      action: `resolve ${name}`,
      command: ["oras", "resolve", name],
      access: at(reference),
    })
    return found === undefined ? undefined : parseDigest(found.stdout.toString("utf8").trim())
  }

  async manifest(reference: Reference): Promise<string | undefined> {
    const name = nameOf(reference)
    const command = ["oras", "manifest", "fetch", "--output", "-", name]
    const found = await this.ifFound({
      action: `read the manifest of ${name}`,
      command,
      access: at(reference),
      maxOutputBytes: MAX_MANIFEST_BYTES,
    })
    if (found === undefined) return undefined
    return (reference.digest === undefined ? found.stdout : checked(found.stdout, reference.digest, name)).toString(
      "utf8",
    )
  }

  async referrers(reference: Reference): Promise<ReferrerTree | undefined> {
    const name = nameOf(reference)
    const command = ["oras", "discover", "--format", "json", name]
    const found = await this.ifFound({
      action: `list the referrers of ${name}`,
      command,
      access: at(reference),
      maxOutputBytes: MAX_LISTING_BYTES,
    })
    if (found === undefined) return undefined
    return parseDiscovery(found.stdout, reference.digest ?? digestIn(found.stdout, "digest", name))
  }

  async blob(repository: Repository, blob: { digest: Digest; size: number }): Promise<Buffer> {
    const name = pinnedName({ ...repository, digest: blob.digest })
    const command = ["oras", "blob", "fetch", "--output", "-", name]
    const { stdout } = await this.run({
      action: `read the blob ${name}`,
      command,
      access: at(repository),
      maxOutputBytes: blob.size,
    })
    return checked(stdout, blob.digest, name)
  }

  async hasBlob(repository: Repository, digest: Digest): Promise<boolean> {
    const name = pinnedName({ ...repository, digest })
    const command = ["oras", "blob", "fetch", "--descriptor", name]
    return (await this.ifFound({ action: `look for the blob ${name}`, command, access: at(repository) })) !== undefined
  }

  async tags(repository: Repository): Promise<readonly string[] | undefined> {
    const name = repositoryName(repository)
    const command = ["oras", "repo", "tags", name]
    const found = await this.ifFound({
      action: `list the tags of ${name}`,
      command,
      access: at(repository),
      maxOutputBytes: MAX_LISTING_BYTES,
    })
    return found?.stdout
      .toString("utf8")
      .split("\n")
      .filter((tag) => tag !== "")
  }

  async copy({ source, target, tag, referrers }: Copy): Promise<void> {
    const [from, to] = [pinnedName(source), nameOf({ ...target, ...(tag === undefined ? {} : { tag }) })]
    const command = ["oras", "cp", "--no-tty", ...(referrers ? ["--recursive"] : []), from, to]
    await this.run({ action: `copy ${from} to ${to}`, command, access: between(source, target), long: true })
  }

  async copyBlob(source: Repository, target: Repository, digest: Digest): Promise<void> {
    const [from, to] = [pinnedName({ ...source, digest }), pinnedName({ ...target, digest })]
    const read = { command: ["oras", "blob", "fetch", "--no-tty", "--output", "blob", from], access: at(source) }
    const write = { command: ["oras", "blob", "push", "--no-tty", to, "blob"], access: at(target) }
    await this.run({
      action: `copy the blob ${from} to ${to}`,
      ...read,
      then: write,
      long: true,
      maxOutputBytes: MAX_BLOB_BYTES,
    })
  }

  async putManifest(target: Repository, content: string, mediaType: string, tag?: string): Promise<Digest> {
    const name = repositoryName(target)
    const to = tag === undefined ? name : `${name}:${tag}`
    const command = ["oras", "manifest", "push", "--media-type", mediaType, "--descriptor", to, "manifest.json"]
    const { stdout } = await this.run({
      action: `push a manifest to ${to}`,
      command,
      access: at(target),
      files: { "manifest.json": content },
    })
    return digestIn(stdout, "digest", to)
  }

  async tag(reference: PinnedReference, tag: string): Promise<void> {
    const name = pinnedName(reference)
    await this.run({ action: `tag ${name} as ${tag}`, command: ["oras", "tag", name, tag], access: at(reference) })
  }

  async attach(subject: PinnedReference, artifact: Artifact): Promise<Digest> {
    const name = pinnedName(subject)
    const command = [
      "oras",
      "attach",
      "--no-tty",
      "--format",
      "json",
      ...artifactWords(artifact),
      name,
      `${artifact.fileName}:${artifact.mediaType}`,
    ]
    const { stdout } = await this.run({
      action: `attach ${artifact.fileName} to ${name}`,
      command,
      access: at(subject),
      files: artifactFiles(artifact),
    })
    return digestIn(stdout, "digest", name)
  }

  async push(repository: Repository, tag: string, artifact: Artifact): Promise<Digest> {
    const name = `${repositoryName(repository)}:${tag}`
    const config = artifact.config === undefined ? [] : ["--config", `config.json:${artifact.config.mediaType}`]
    const command = [
      "oras",
      "push",
      "--no-tty",
      "--format",
      "json",
      ...artifactWords(artifact),
      ...config,
      name,
      `${artifact.fileName}:${artifact.mediaType}`,
    ]
    const { stdout } = await this.run({
      action: `push ${name}`,
      command,
      access: at(repository),
      files: artifactFiles(artifact),
    })
    return digestIn(stdout, "digest", name)
  }

  async remove(reference: PinnedReference): Promise<void> {
    const name = pinnedName(reference)
    await this.run({
      action: `delete ${name}`,
      command: ["oras", "manifest", "delete", "--force", name],
      access: at(reference),
    })
  }

  async copyPlatforms(
    source: PinnedReference,
    target: Repository,
    tag: string,
    platforms: readonly string[],
  ): Promise<void> {
    const [from, to] = [pinnedName(source), `${repositoryName(target)}:${tag}`]
    const command = ["crane", "index", "filter", from, "--tag", to, ...platforms.flatMap((one) => ["--platform", one])]
    await this.run({
      action: `copy ${platforms.join(", ")} of ${from} to ${to}`,
      command,
      access: between(source, target),
      long: true,
    })
  }

  private async ifFound(command: Command): Promise<ToolResult | undefined> {
    try {
      return await this.run(command)
    } catch (error) {
      if (error instanceof RegistryFailure && error.code === "REGISTRY_NOT_FOUND") return undefined
      throw error
    }
  }

  private run({ action, maxOutputBytes = SMALL_OUTPUT_BYTES, ...job }: Command): Promise<ToolResult> {
    return retrying(this.retry, async () => {
      const result = await this.tools.run({ ...job, maxOutputBytes })
      const exchanges = readTrace(result.stderr)
      this.exchanges.push(...exchanges)
      if (result.exitCode === 0) return result
      const tooLarge = result.exitCode === 153 ? "the answer exceeds the limit" : errorLines(result.stderr)
      throw registryFailure({ action, message: tooLarge, exchanges, timedOut: result.exitCode === 124 })
    })
  }
}

function nameOf(reference: Reference): string {
  if (reference.digest !== undefined) return pinnedName({ ...reference, digest: reference.digest })
  return reference.tag === undefined ? repositoryName(reference) : `${repositoryName(reference)}:${reference.tag}`
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

function artifactWords({ artifactType }: Artifact): string[] {
  return ["--artifact-type", artifactType, "--annotation-file", "annotations.json", "--disable-path-validation"]
}

function artifactFiles({
  fileName,
  content,
  annotations,
  layerAnnotations = {},
  config,
}: Artifact): Record<string, string> {
  return {
    [fileName]: content,
    "annotations.json": JSON.stringify({ $manifest: annotations, [fileName]: layerAnnotations }),
    ...(config === undefined ? {} : { "config.json": config.content }),
  }
}

function checked(content: Buffer, digest: Digest, name: string): Buffer {
  if (matchesDigest(content, digest)) return content
  throw new CsscError(
    "DIGEST_MISMATCH",
    `${name} came with other bytes than its digest says (${content.length} bytes): do not use this registry until it is explained`,
  )
}

function digestIn(stdout: Buffer, field: string, name: string): Digest {
  const found = new RegExp(`"${field}":\\s*"([^"]+)"`).exec(stdout.toString("utf8"))?.[1]
  if (found !== undefined) return parseDigest(found)
  throw new CsscError("TOOL_FAILED", `oras gave no digest for ${name}`)
}
