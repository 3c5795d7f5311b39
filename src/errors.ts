// One error type for everything that goes wrong on purpose. Dagger passes only `message` on to the caller, so the
// message itself carries the code, what failed, on which reference and side, and what to do.

/** Every code that this module raises; docs/errors.md explains each. */
export type ErrorCode =
  | "ARGUMENT_INVALID"
  | "REFERENCE_INVALID"
  | "DIGEST_MISMATCH"
  | "MANIFEST_INVALID"
  | "MANIFEST_UNSUPPORTED"
  | "LIMIT_EXCEEDED"
  | "STATEMENT_INVALID"
  | "SBOM_INVALID"
  | "REPORT_INVALID"
  | "POLICY_INVALID"
  | "CREDENTIALS_INVALID"
  | "KEY_INVALID"
  | "SIGNATURE_INVALID"
  | "VERIFICATION_FAILED"
  | "OVERRIDE_REFUSED"
  | "RISK_FEED_UNAVAILABLE"
  | "VEX_INVALID"
  | "REGISTRY_UNAUTHORIZED"
  | "REGISTRY_NOT_FOUND"
  | "REGISTRY_RATE_LIMITED"
  | "REGISTRY_UNAVAILABLE"
  | "REGISTRY_UNREACHABLE"
  | "REGISTRY_REFUSED"
  | "TAG_IMMUTABLE"
  | "TAG_MOVED"
  | "REFERRERS_UNTRUSTED"
  | "PARITY_FAILED"
  | "EVIDENCE_FAILED"
  | "VERDICT_UNTRUSTED"
  | "VERDICT_STALE"
  | "GATE_BLOCKED"
  | "IMAGE_RETIRED"
  | "HISTORY_INVALID"
  | "SCANNER_FAILED"
  | "DATABASE_UNAVAILABLE"
  | "TOOL_DENIED"
  | "TOOL_FAILED"

/** A failure with a code, a one-line message for the operator, and the error that caused it, if any. */
export class CsscError extends Error {
  override readonly name = "CsscError"
  /** The message without its code, for texts that name the code elsewhere. */
  readonly reason: string

  constructor(
    readonly code: ErrorCode,
    reason: string,
    options?: { cause?: unknown },
  ) {
    super(`[${code}] ${reason}`, options)
    this.reason = reason
  }
}

/** Marks code that the types say is never reached: a new case of a union fails to compile here. */
export function assertNever(value: never): never {
  throw new Error(`unexpected case: ${JSON.stringify(value)}`)
}
