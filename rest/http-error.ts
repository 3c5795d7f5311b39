// What a REST API refused: method, path, status and the API's own words, with every secret taken out.
import { z } from "zod"
import { CsscError, type ErrorCode } from "../core/errors.js"
import { describeRequest, type HttpAnswer, type HttpRequest } from "./exchange.js"
import { cleanMessage } from "./redact.js"
import { askedDelay, isRateLimited } from "./retry-answer.js"

/** An answer that is not a success; `status` and `apiMessage` are there for callers that give it a meaning. */
export class HttpStatusError extends CsscError {
  constructor(
    code: ErrorCode,
    reason: string,
    readonly status: number,
    readonly apiMessage: string,
  ) {
    super(code, reason)
  }
}

/** GitHub says `message`, Docker Hub `message`, `detail` or `error`. */
const apiMessageSchema = z.looseObject({
  message: z.string().optional(),
  detail: z.string().optional(),
  error: z.string().optional(),
})

/** The error for an answer after the last attempt. */
export function refused(sent: HttpRequest, answer: HttpAnswer, attempts: number, secrets: readonly string[]) {
  const message = cleanMessage(readMessage(answer.body), secrets)
  const quoted = message === "" ? "" : ` "${message}"`
  const text = `${describeRequest(sent)} answered ${answer.status}${quoted}${countAttempts(attempts)}`
  const reason = cleanMessage(text + askedWait(answer), secrets)
  return new HttpStatusError(codeOf(answer), reason, answer.status, message)
}

/** The error for a connection that broke, timed out or never came about. */
export function unreachable(sent: HttpRequest, error: unknown, attempts: number, secrets: readonly string[]) {
  const { message = "", code = "" } = error as { message?: string; code?: string }
  const text = `${describeRequest(sent)} got no answer: ${message || code}${countAttempts(attempts)}`
  return new CsscError("REGISTRY_UNREACHABLE", cleanMessage(text, secrets))
}

function codeOf(answer: HttpAnswer): ErrorCode {
  if (isRateLimited(answer)) return "REGISTRY_RATE_LIMITED"
  if (answer.status === 401 || answer.status === 403) return "REGISTRY_UNAUTHORIZED"
  if (answer.status === 404) return "REGISTRY_NOT_FOUND"
  return answer.status >= 500 ? "REGISTRY_UNAVAILABLE" : "REGISTRY_REFUSED"
}

function readMessage(body: unknown): string {
  const parsed = apiMessageSchema.safeParse(body)
  return parsed.success ? (parsed.data.message ?? parsed.data.detail ?? parsed.data.error ?? "") : ""
}

function countAttempts(attempts: number): string {
  return attempts > 1 ? ` (${attempts} attempts)` : ""
}

function askedWait(answer: HttpAnswer): string {
  const asked = isRateLimited(answer) ? askedDelay(answer, Date.now) : undefined
  return asked === undefined ? "" : `; it asks to wait ${Math.ceil(asked / 1000)} s: run again later`
}
