// The signature of a webhook: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
import { createHmac } from "node:crypto"
import { CsscError } from "../../core/errors.js"

const prefix = "whsec_"
const minBytes = 24
const maxBytes = 64

export type Signed = { readonly id: string; readonly timestamp: number; readonly body: string }

/** The headers of a message; `timestamp` is in seconds, so that a receiver refuses a replay. */
export function signatureHeaders({ id, timestamp, body }: Signed, key: string | undefined): Record<string, string> {
  const headers = { "webhook-id": id, "webhook-timestamp": String(timestamp) }
  if (key === undefined) return headers
  const signature = createHmac("sha256", readKey(key)).update(`${id}.${timestamp}.${body}`).digest("base64")
  return { ...headers, "webhook-signature": `v1,${signature}` }
}

/** Throws `KEY_INVALID`, and never quotes the key. */
export function readKey(text: string): Buffer {
  const isEncoded = text.startsWith(prefix)
  const encoded = text.slice(prefix.length)
  if (isEncoded && !/^[A-Za-z0-9+/]+={0,2}$/.test(encoded))
    throw new CsscError("KEY_INVALID", `the key of the webhook begins with ${prefix}, and what follows is not base64`)
  const key = isEncoded ? Buffer.from(encoded, "base64") : Buffer.from(text, "utf8")
  if (key.length < minBytes || (isEncoded && key.length > maxBytes))
    throw new CsscError(
      "KEY_INVALID",
      `the key of the webhook has ${key.length} bytes: ${minBytes} to ${maxBytes} it takes`,
    )
  return key
}
