// DSSE envelopes: a payload in base64 and signatures over it. Reading one verifies nothing.
// https://github.com/secure-systems-lab/dsse/blob/v1.0.2/envelope.md
import { z } from "zod"
import { CsscError } from "../errors.js"
import { checkSchema, parseJson } from "../oci/json.js"
import { attestationBounds } from "./bounds.js"

export const MAX_SIGNATURES = 100

export type DsseSignature = { readonly keyid: string; readonly sig: string }

export type DsseEnvelope = {
  readonly payloadType: string
  readonly payload: Uint8Array
  readonly signatures: readonly DsseSignature[]
}

// The specification allows both alphabets, but not a mixture; Buffer.from would skip what it does not know.
// No groups in the patterns: they would exhaust the stack on a payload of megabytes.
const base64 = /^[A-Za-z0-9+/]*={0,2}$/
const base64url = /^[A-Za-z0-9_-]*={0,2}$/
const text = z.string().refine((value) => isBase64(value), "expected base64")

const signature = z.object({
  keyid: z
    .string()
    .nullish()
    .transform((keyid) => keyid ?? ""),
  sig: text,
})

export const dsseSchema = z.object({
  payloadType: z.string().min(1).max(255),
  payload: text.min(1),
  signatures: z.array(signature).min(1).max(MAX_SIGNATURES),
})

/** Reads an envelope from JSON text; throws `STATEMENT_INVALID` or `LIMIT_EXCEEDED`. */
export function parseEnvelope(json: Uint8Array | string, what = "the DSSE envelope"): DsseEnvelope {
  return readEnvelope(parseJson(json, attestationBounds(what)), what)
}

/** Reads an envelope from a JSON value. */
export function readEnvelope(value: unknown, what: string): DsseEnvelope {
  const { payloadType, payload, signatures } = checkSchema(dsseSchema, value, "STATEMENT_INVALID", what)
  return { payloadType, payload: Buffer.from(payload, "base64"), signatures }
}

/** Refuses an envelope whose payload is something else than an in-toto statement. */
export function statementPayload(envelope: DsseEnvelope, what: string): Uint8Array {
  if (inTotoPayload.test(envelope.payloadType)) return envelope.payload
  const got = `got payload type "${envelope.payloadType}"`
  throw new CsscError(
    "STATEMENT_INVALID",
    `${what} holds no in-toto statement: expected application/vnd.in-toto+json, ${got}`,
  )
}

const inTotoPayload = /^application\/vnd\.in-toto(?:\.[a-z0-9.-]+)?\+json$/

function isBase64(value: string): boolean {
  if (value.length % 4 === 0 && base64.test(value)) return true
  const padding = value.endsWith("==") ? 2 : value.endsWith("=") ? 1 : 0
  return base64url.test(value) && (padding === 0 ? value.length % 4 !== 1 : value.length % 4 === 0)
}
