// What a command of crane, oras or Trivy needs: its words, the repositories it talks to, its files and its limits.
// A backend (a Dagger container, or a process of the host in tests) turns the repositories into credentials and flags.
import type { Repository } from "../../core/oci/reference.js"

/** Which of a command's registries a repository is: oras names the two ends of a copy `--from-…` and `--to-…`. */
export type Side = "" | "from" | "to"

/** One command: the tool and its words without credentials or transport flags, and what it may talk to. */
export type ToolCommand<Access = { readonly side: Side; readonly repository: Repository }> = {
  readonly command: readonly string[]
  readonly access: readonly Access[]
}

export type ToolJob = ToolCommand & {
  /** Further commands, run in the same folder as long as each one before passed. */
  readonly then?: readonly ToolCommand[]
  /** Files in the command's working folder, by name. */
  readonly files?: Readonly<Record<string, string>>
  /** A copy of layers may take long: it shares an exec with few others, or with none, so that little waits for it. */
  readonly long?: boolean
  /** Of a long job: how large what it is about is, what is attached aside, if that is known. */
  readonly bytes?: number
  /** Bytes of standard output that are accepted. */
  readonly maxOutputBytes: number
}

export type ToolResult = {
  /** The command's exit code; 124 when it took too long. */
  readonly exitCode: number
  readonly stdout: Buffer
  /** The end of the command's messages; never a credential. */
  readonly stderr: string
}

/** Runs commands; those that are asked for at the same time may share one exec. */
export interface Tools {
  run(job: ToolJob): Promise<ToolResult>
}

/** How a command reaches one registry: a folder with a `config.json`, the transport, and a private CA. */
export type RegistryAccess = {
  readonly configFolder?: string
  readonly plainHttp: boolean
  readonly caFile?: string
}

/** Seconds a command may take: short ones read or write one thing, long ones move layers or scan. */
export const SHORT_SECONDS = 180
export const LONG_SECONDS = 3600
