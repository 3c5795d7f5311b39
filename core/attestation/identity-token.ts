// The identity token of a CI job: a JWT in which the platform says who runs. Whether that is true is the certificate
// authority's to check; here only what would be refused anyway is refused before anything is done. No message quotes one.
// https://www.rfc-editor.org/rfc/rfc7519 and https://openid.net/specs/openid-connect-core-1_0.html#IDToken
import { z } from "zod"
import { CsscError } from "../errors.js"
import { parseJson } from "../oci/json.js"

export const MAX_TOKEN_LENGTH = 16_384

/** What Sigstore's certificate authority expects as audience, unless a private one was set up otherwise. */
export const sigstoreAudience = "sigstore"

const claimsSchema = z.object({
  iss: z.string().min(1).max(1000),
  sub: z.string().min(1).max(1000),
  aud: z.union([z.string(), z.array(z.string()).max(100)]).transform((aud) => [aud].flat()),
  /** Seconds since 1970. */
  exp: z.number().int(),
})

/** Who a token says that it is of; verified by nobody yet. */
export type IdentityClaims = { readonly issuer: string; readonly subject: string; readonly expires: Date }

type Expected = {
  readonly now: Date
  /** Undefined: a private authority's own, which it checks itself. */
  readonly audience: string | undefined
}

/** Reads a token; throws `IDENTITY_TOKEN_INVALID` for one that no authority would take (any more). */
export function readIdentityToken(token: string, { now, audience }: Expected): IdentityClaims {
  const { iss, sub, aud, exp } = readClaims(token)
  const expires = new Date(exp * 1000)
  if (Number.isNaN(expires.getTime())) throw invalid("its exp is no time")
  if (expires <= now)
    throw invalid(`it expired at ${expires.toISOString()}: ask for a new one, right before the call that signs`)
  if (audience !== undefined && !aud.includes(audience))
    throw invalid(`its audience is ${aud.join(", ").slice(0, 200)}: expected ${audience}`)
  return { issuer: iss, subject: sub, expires }
}

function readClaims(token: string): z.infer<typeof claimsSchema> {
  if (token.length > MAX_TOKEN_LENGTH) throw invalid(`it is longer than ${MAX_TOKEN_LENGTH} characters`)
  if (token === "") throw invalid("it is empty: check the variable that it comes from")
  const [, payload = "", signature] = /^[\w-]+\.([\w-]+)\.([\w-]+)$/.exec(token) ?? []
  if (signature === undefined) throw invalid("it is no signed JWT (three parts in base64url)")
  const parsed = claimsSchema.safeParse(decode(payload))
  if (parsed.success) return parsed.data
  const fields = parsed.error.issues.map(({ path }) => path.join(".") || "all of it")
  throw invalid(`claims are missing or of another kind: ${[...new Set(fields)].join(", ")}`)
}

/** The parser's message would quote the token. */
function decode(payload: string): unknown {
  try {
    const bounds = { what: "its payload", maxBytes: MAX_TOKEN_LENGTH, maxDepth: 20 }
    return parseJson(Buffer.from(payload, "base64url"), { ...bounds, code: "IDENTITY_TOKEN_INVALID" })
  } catch {
    return undefined
  }
}

function invalid(why: string): CsscError {
  return new CsscError("IDENTITY_TOKEN_INVALID", `the identity token cannot be used: ${why}`)
}
