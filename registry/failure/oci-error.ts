// The error document of the distribution specification, and what token servers answer instead.
// https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#error-codes
import { z } from "zod"

export type OciError = { readonly code?: string; readonly message?: string }

/** Bytes of an error document that are read. */
export const MAX_ERROR_BYTES = 64 * 1024

const text = z.string().max(4096).optional().catch(undefined)
const entrySchema = z.looseObject({ code: text, message: text })
const documentSchema = z.looseObject({ errors: z.array(entrySchema).min(1) })
/** https://www.rfc-editor.org/rfc/rfc6749#section-5.2, and Docker Hub's `details`. */
const tokenSchema = z.looseObject({ error: text, error_description: text, details: text, message: text })

/** The first error with a code, else the first; undefined of anything that is no error document. */
export function parseOciError(body: string): OciError | undefined {
  const value = parse(body)
  const document = documentSchema.safeParse(value)
  if (document.success) {
    const { errors } = document.data
    return readEntry(errors.find(({ code }) => code !== undefined) ?? errors[0])
  }
  const token = tokenSchema.safeParse(value)
  if (!token.success) return undefined
  const { error, error_description, details, message } = token.data
  return readEntry({ code: undefined, message: error_description ?? details ?? message ?? error })
}

function readEntry(entry: { readonly code?: string | undefined; readonly message?: string | undefined } | undefined) {
  const { code, message } = entry ?? {}
  if (code === undefined && message === undefined) return undefined
  return { ...(code === undefined ? {} : { code: code.toUpperCase() }), ...(message === undefined ? {} : { message }) }
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined // a web server's error page: the status says all
  }
}
