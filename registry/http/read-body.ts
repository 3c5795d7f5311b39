// Bodies of answers, bounded in size and time while they come.
import { CsscError } from "../../core/errors.js"
import { connectionError } from "../failure/classify-connection.js"
import { tooSlow } from "../failure/failure-kinds.js"
import { MAX_ERROR_BYTES } from "../failure/oci-error.js"
import { RegistryError } from "../failure/registry-error.js"
import type { Answer } from "./answer.js"

/** The whole body; throws `LIMIT_EXCEEDED` as soon as it is longer than `maxBytes`, `REGISTRY_TOO_SLOW` as it crawls. */
export async function readBody(answer: Answer, maxBytes: number, action: string): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  const watch = watchSpeed(answer, () => size, action)
  try {
    for await (const chunk of answer.body as AsyncIterable<Buffer>) {
      size += chunk.length
      if (size > maxBytes) throw tooLong(action, maxBytes)
      chunks.push(chunk)
    }
  } catch (error) {
    if (error instanceof CsscError) throw error
    throw connectionError(action, { method: answer.sent.method, url: answer.sent.url.href }, error)
  } finally {
    clearInterval(watch)
    answer.exchange.received = size
  }
  return Buffer.concat(chunks)
}

/** The beginning of an error's text; what is longer is none. */
export async function readErrorText(answer: Answer): Promise<string> {
  try {
    return (await readBody(answer, MAX_ERROR_BYTES, "")).toString("utf8")
  } catch {
    return "" // The status came, and tells enough.
  }
}

/** Lets an answer go whose body is of no interest, so that its connection serves the next request. */
export async function discard({ body }: Answer): Promise<void> {
  await body.dump().catch(() => undefined)
}

// A body that comes a byte at a time is never silent, and never there.
function watchSpeed({ body, patience, sent }: Answer, size: () => number, action: string): NodeJS.Timeout {
  const { stretch, bytes } = patience
  let before = 0
  const watch = setInterval(() => {
    const came = size() - before
    before = size()
    if (came >= bytes) return
    const text = `${sent.method} ${sent.url.host}${sent.url.pathname} sent ${came} bytes in ${stretch / 1000} s`
    body.destroy(new RegistryError(action, tooSlow, { text, host: sent.url.host }))
  }, stretch)
  return watch.unref()
}

function tooLong(action: string, maxBytes: number): CsscError {
  return new CsscError(
    "LIMIT_EXCEEDED",
    `${action} failed: the answer has more than ${maxBytes} bytes: check what is stored there`,
  )
}
