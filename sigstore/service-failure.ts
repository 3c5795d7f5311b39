// What Sigstore's clients throw, as what failed where, with every secret taken out: one of their messages quotes the token.
import type { ServiceFailure } from "../core/attestation/keyless-signer.js"
import { cleanMessage } from "../rest/redact.js"

/** Waits for a service's answer; whatever is thrown meanwhile becomes a `ServiceFailure` of it. */
export async function answerOf<T>(
  place: Pick<ServiceFailure, "service" | "url">,
  work: Promise<T>,
  secrets: readonly string[] = [],
): Promise<T> {
  try {
    return await work
  } catch (error) {
    const { message = "", cause } = error as { message?: string; cause?: unknown }
    // The clients' own message says what was tried; the cause has the status, or why there is no answer.
    const { statusCode: status, message: reason = message } = (cause ?? {}) as { statusCode?: number; message?: string }
    const said = cleanMessage(status === undefined ? reason : reason.replace(/^\(\d+\) /, ""), secrets)
    const failure: ServiceFailure = { ...place, said, ...(status === undefined ? {} : { status }) }
    throw Object.assign(new Error(said), failure)
  }
}
