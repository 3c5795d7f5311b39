// One error type for everything that goes wrong on purpose. Dagger passes only `message` on to the caller, so the
// message itself carries the code, what failed, on which reference and side, and what to do.
import { cleanLine } from "./clean-line.js"

/**
 * Whose failure it is: of the caller's arguments and files, of what is stored or attached, of a registry that did not
 * answer as it should, or of a tool. Only what is stored or attached may be noted as data and gone on with: whoever wrote it
 * made it so. All else means that something was not read.
 */
export type ErrorKind = "caller" | "content" | "registry" | "tool"

/** Every code that this module raises, with its kind; docs/errors.md explains each. */
export const errorKinds = {
  ARGUMENT_INVALID: "caller",
  REFERENCE_INVALID: "caller",
  POLICY_INVALID: "caller",
  FLEET_INVALID: "caller",
  CREDENTIALS_INVALID: "caller",
  KEY_INVALID: "caller",
  IDENTITY_TOKEN_INVALID: "caller",
  OVERRIDE_REFUSED: "caller",
  APPROVAL_REFUSED: "caller",
  MANIFEST_INVALID: "content",
  MANIFEST_UNSUPPORTED: "content",
  LIMIT_EXCEEDED: "content",
  STATEMENT_INVALID: "content",
  SBOM_INVALID: "content",
  REPORT_INVALID: "content",
  VEX_INVALID: "content",
  SIGNATURE_INVALID: "content",
  HISTORY_INVALID: "content",
  VERIFICATION_FAILED: "content",
  VERDICT_UNTRUSTED: "content",
  VERDICT_STALE: "content",
  GATE_BLOCKED: "content",
  IMAGE_RETIRED: "content",
  DIGEST_MISMATCH: "registry",
  REGISTRY_UNAUTHORIZED: "registry",
  REGISTRY_NOT_FOUND: "registry",
  REGISTRY_RATE_LIMITED: "registry",
  REGISTRY_TOO_SLOW: "registry",
  QUOTA_EXHAUSTED: "registry",
  REGISTRY_UNAVAILABLE: "registry",
  REGISTRY_UNREACHABLE: "registry",
  REGISTRY_REFUSED: "registry",
  DELETION_UNSUPPORTED: "registry",
  TAG_IMMUTABLE: "registry",
  TAG_MOVED: "registry",
  REFERRERS_UNTRUSTED: "registry",
  PARITY_FAILED: "registry",
  EVIDENCE_FAILED: "registry",
  SIGNING_FAILED: "tool",
  SIGNING_UNAVAILABLE: "tool",
  RISK_FEED_UNAVAILABLE: "tool",
  SCANNER_FAILED: "tool",
  DATABASE_UNAVAILABLE: "tool",
  TOOL_DENIED: "tool",
  TOOL_FAILED: "tool",
  DISK_FULL: "tool",
  FORGE_REFUSED: "tool",
  FORGE_UNAVAILABLE: "tool",
  DELIVERY_FAILED: "tool",
} as const satisfies Readonly<Record<string, ErrorKind>>

export type ErrorCode = keyof typeof errorKinds

/** A failure with a code, a one-line message for the operator, and the error that caused it, if any. */
export class CsscError extends Error {
  override readonly name = "CsscError"
  /** The message without its code, for texts that name the code elsewhere. */
  readonly reason: string

  get kind(): ErrorKind {
    return errorKinds[this.code]
  }

  constructor(
    readonly code: ErrorCode,
    reason: string,
    options?: { cause?: unknown },
  ) {
    // Reasons quote what strangers wrote, and are printed as they are.
    const line = cleanLine(reason)
    super(`[${code}] ${line}`, options)
    this.reason = line
  }
}

/** The failure of what is stored or attached, as what it is; anything else is thrown on. */
export function contentFailure(error: unknown): CsscError {
  if (error instanceof CsscError && error.kind === "content") return error
  throw error
}

/**
 * A failure to read, whatever its kind: what the gate blocks by, with a name. The caller's mistakes, and what is no failure
 * of ours, are thrown on.
 */
export function readFailure(error: unknown): CsscError {
  if (error instanceof CsscError && error.kind !== "caller") return error
  throw error
}

/** Tells whether a registry says that something is not there, which is an answer. */
export function isNotFound(error: unknown): error is CsscError {
  return error instanceof CsscError && error.code === "REGISTRY_NOT_FOUND"
}

/** Marks code that the types say is never reached: a new case of a union fails to compile here. */
export function assertNever(value: never): never {
  throw new Error(`unexpected case: ${JSON.stringify(value)}`)
}
