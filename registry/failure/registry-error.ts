// A request to a registry that failed, with what decides about another attempt.
import { CsscError, type ErrorCode } from "../../core/errors.js"

/** What a failure means: its code, whether another attempt may pass, what is the matter, and what to do. */
export type FailureKind = {
  readonly code: ErrorCode
  readonly retry: boolean
  readonly what: string
  readonly hint: string
}

/** What the registry answered, as far as it did. */
export type RegistryAnswer = {
  /** `METHOD host/path answered 403 DENIED "…"`, cleaned. */
  readonly text: string
  readonly status?: number
  readonly retryAfterSeconds?: number
  /** The host that was asked. */
  readonly host?: string
}

/** The registry answered, and has no such thing. */
export function isNotFound(error: unknown): error is RegistryError {
  return error instanceof RegistryError && error.code === "REGISTRY_NOT_FOUND"
}

export class RegistryError extends CsscError {
  readonly retry: boolean
  readonly status: number | undefined
  /** Seconds that the registry asks to wait for. */
  readonly retryAfterSeconds: number | undefined
  /** The host that answered, or did not; unknown of what a tool met without saying where. */
  readonly host: string | undefined

  /** `action` says what was to be done, on which reference: "read the manifest of a.example/b:1". */
  constructor(
    readonly action: string,
    readonly failure: FailureKind,
    readonly answer?: RegistryAnswer,
    options?: { cause?: unknown },
  ) {
    const told = answer === undefined ? "" : ` (${answer.text})`
    super(failure.code, `${action} failed: ${failure.what}${told}; ${failure.hint}`, options)
    this.retry = failure.retry
    this.status = answer?.status
    this.retryAfterSeconds = answer?.retryAfterSeconds
    this.host = answer?.host
  }

  /** The same failure, of what the caller was doing. */
  within(action: string): RegistryError {
    return new RegistryError(action, this.failure, this.answer, { cause: this.cause })
  }
}
