// Runs one command of oras at a time: with its retries, its requests told, and its failure named.
import { CsscError } from "../../core/errors.js"
import { type Digest, matchesDigest, parseDigest } from "../../core/oci/digest.js"
import { pinnedName, type Reference, type Repository, repositoryName } from "../../core/oci/reference.js"
import { RegistryFailure, registryFailure } from "../../registry/registry-failure.js"
import { type HttpExchange } from "../../core/ports.js"
import { type RetryPolicy, retrying } from "../../registry/retry.js"
import type { ToolJob, ToolResult, Tools } from "./tool-job.js"
import { errorLines, readTrace } from "./tool-trace.js"

const SMALL_OUTPUT_BYTES = 1024 * 1024

export type Command = Omit<ToolJob, "maxOutputBytes"> & { maxOutputBytes?: number; action: string }

export class OrasClient {
  readonly exchanges: HttpExchange[] = []

  constructor(
    private readonly tools: Tools,
    private readonly retry: RetryPolicy,
  ) {}

  /** The result, or undefined when what was asked for is not there. */
  protected async ifFound(command: Command): Promise<ToolResult | undefined> {
    try {
      return await this.run(command)
    } catch (error) {
      if (error instanceof RegistryFailure && error.code === "REGISTRY_NOT_FOUND") return undefined
      throw error
    }
  }

  protected run({ action, maxOutputBytes = SMALL_OUTPUT_BYTES, ...job }: Command): Promise<ToolResult> {
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

export function nameOf(reference: Reference): string {
  if (reference.digest !== undefined) return pinnedName({ ...reference, digest: reference.digest })
  return reference.tag === undefined ? repositoryName(reference) : `${repositoryName(reference)}:${reference.tag}`
}

export function at(repository: Repository): ToolJob["access"] {
  return [{ side: "", repository }]
}

export function between(from: Repository, to: Repository): ToolJob["access"] {
  return [
    { side: "from", repository: from },
    { side: "to", repository: to },
  ]
}

export function checked(content: Buffer, digest: Digest, name: string): Buffer {
  if (matchesDigest(content, digest)) return content
  throw new CsscError(
    "DIGEST_MISMATCH",
    `${name} came with other bytes than its digest says (${content.length} bytes): do not use this registry until it is explained`,
  )
}

export function digestIn(stdout: Buffer, field: string, name: string): Digest {
  const found = new RegExp(`"${field}":\\s*"([^"]+)"`).exec(stdout.toString("utf8"))?.[1]
  if (found !== undefined) return parseDigest(found)
  throw new CsscError("TOOL_FAILED", `oras gave no digest for ${name}`)
}
