// Sigstore bundles: an envelope with what is needed to verify it. Reading one verifies nothing.
// https://github.com/sigstore/protobuf-specs/blob/v0.5.0/protos/sigstore_bundle.proto
import { z } from "zod"
import { CsscError } from "../errors.js"
import { checkSchema, isRecord, parseJson } from "../oci/json.js"
import { isSigstoreBundleMediaType } from "../oci/media-types.js"
import { attestationBounds } from "./bounds.js"
import { type DsseEnvelope, readEnvelope } from "./dsse.js"

export type SigstoreBundle = {
  readonly mediaType: string
  readonly envelope: DsseEnvelope
  /** Certificate or key hint, log entries, timestamps: as found. */
  readonly verificationMaterial: unknown
}

const bundleSchema = z.object({
  mediaType: z.string().refine(isSigstoreBundleMediaType, "expected a Sigstore bundle of version 0.x"),
  verificationMaterial: z.unknown().optional(),
  dsseEnvelope: z.unknown(),
})

/** Reads a bundle from JSON text; throws `STATEMENT_INVALID` or `LIMIT_EXCEEDED`. */
export function parseBundle(json: Uint8Array | string, what = "the Sigstore bundle"): SigstoreBundle {
  return readBundle(parseJson(json, attestationBounds(what)), what)
}

/** Reads a bundle from a JSON value. */
export function readBundle(value: unknown, what: string): SigstoreBundle {
  if (isRecord(value) && "messageSignature" in value) {
    throw new CsscError("STATEMENT_INVALID", `${what} signs a message, not an attestation: it holds no DSSE envelope`)
  }
  const { mediaType, verificationMaterial, dsseEnvelope } = checkSchema(bundleSchema, value, "STATEMENT_INVALID", what)
  return { mediaType, verificationMaterial, envelope: readEnvelope(dsseEnvelope, `the DSSE envelope of ${what}`) }
}
