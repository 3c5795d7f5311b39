// A Sigstore trust root: the authorities that issue certificates, and the logs that vouch for when. Always a file that
// the operator chose; nothing is fetched.
// https://github.com/sigstore/protobuf-specs/blob/v0.5.0/protos/sigstore_trustroot.proto
import { TrustedRoot } from "@sigstore/protobuf-specs"
import { toTrustMaterial, type TrustMaterial } from "@sigstore/verify"
import { z } from "zod"
import { CsscError } from "../errors.js"
import { checkSchema, parseJson } from "../oci/json.js"

export type TrustRoot = { readonly material: TrustMaterial }

export const MAX_TRUST_ROOT_BYTES = 1024 * 1024
const maxDepth = 50
const maxEntries = 100

const list = z.array(z.record(z.string(), z.unknown())).max(maxEntries)
const rootSchema = z
  .looseObject({
    mediaType: z.string().regex(/^application\/vnd\.dev\.sigstore\.trustedroot/, "expected a Sigstore trusted root"),
    certificateAuthorities: list.min(1),
    tlogs: list.default([]),
    ctlogs: list.min(1),
    timestampAuthorities: list.default([]),
  })
  .refine(({ tlogs, timestampAuthorities }) => tlogs.length + timestampAuthorities.length > 0, {
    path: ["tlogs"],
    message: "expected a log or a timestamp authority: nothing else says when a signature was made",
  })

/** Reads a `trusted_root.json`; throws `KEY_INVALID` or `LIMIT_EXCEEDED`. */
export function parseTrustRoot(content: Uint8Array | string, what = "the trust root"): TrustRoot {
  const value = parseJson(content, { code: "KEY_INVALID", what, maxBytes: MAX_TRUST_ROOT_BYTES, maxDepth })
  const document = checkSchema(rootSchema, value, "KEY_INVALID", what)
  try {
    return { material: toTrustMaterial(TrustedRoot.fromJSON(document), noKeys) }
  } catch (cause) {
    throw new CsscError("KEY_INVALID", `${what} has a certificate or key that cannot be read`, { cause })
  }
}

/** Public keys are trusted one by one, by the policy, and are tried before. */
function noKeys(): never {
  throw new Error("a trust root holds no publisher's key")
}
