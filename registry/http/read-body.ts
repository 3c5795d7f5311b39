// Bodies of answers, bounded while they come.
import { CsscError } from "../../core/errors.js"
import { connectionError } from "../failure/classify-connection.js"
import { MAX_ERROR_BYTES } from "../failure/oci-error.js"
import type { Answer } from "./round-trip.js"

/** The whole body; throws `LIMIT_EXCEEDED` as soon as it is longer than `maxBytes`. */
export async function readBody({ sent, body }: Answer, maxBytes: number, action: string): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      size += chunk.length
      if (size > maxBytes) throw tooLong(action, maxBytes)
      chunks.push(chunk)
    }
  } catch (error) {
    if (error instanceof CsscError) throw error
    throw connectionError(action, { method: sent.method, url: sent.url.href }, error)
  }
  return Buffer.concat(chunks)
}

/** The beginning of an error's text; what is longer is none. */
export async function readErrorText({ body }: Answer): Promise<string> {
  try {
    const chunks: Buffer[] = []
    let size = 0
    for await (const chunk of body as AsyncIterable<Buffer>) {
      size += chunk.length
      if (size > MAX_ERROR_BYTES) return ""
      chunks.push(chunk)
    }
    return Buffer.concat(chunks).toString("utf8")
  } catch {
    return "" // The status came, and tells enough.
  }
}

/** Lets an answer go whose body is of no interest, so that its connection serves the next request. */
export async function discard({ body }: Answer): Promise<void> {
  await body.dump().catch(() => undefined)
}

function tooLong(action: string, maxBytes: number): CsscError {
  return new CsscError(
    "LIMIT_EXCEEDED",
    `${action} failed: the answer has more than ${maxBytes} bytes: check what is stored there`,
  )
}
