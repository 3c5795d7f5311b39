// Signs in-toto statements the way cosign 3 does with a key: a Sigstore bundle around a DSSE envelope.
// https://github.com/sigstore/cosign/blob/v3.1.3/specs/BUNDLE_SPEC.md
import { sign } from "node:crypto"
import { dsse } from "@sigstore/core"
import { mediaTypes } from "../oci/media-types.js"
import { readPrivateKey } from "./private-key.js"
import type { PublicKey } from "./public-key.js"
import { type TrustStore, trustStore } from "./trust-store.js"
import { hashesOf } from "./verify-signature.js"

/** Signs what we attach: with a key, or keyless (keyless-signer.ts). */
export type Signer = {
  /** Whose signatures are as good as the signer's own when they are read again. */
  readonly trust: TrustStore
  /** The bundle as JSON. */
  readonly sign: (statementJson: string) => string | Promise<string>
}

export type KeySigner = Omit<Signer, "sign"> & {
  readonly publicKey: PublicKey
  /** The bundle as JSON, keys in order. ECDSA signatures differ each time, as they should. */
  readonly sign: (statementJson: string) => string
}

/** Makes a signer of a private key in PEM; throws `KEY_INVALID`. */
export function createSigner(pem: string, password?: string): KeySigner {
  const { key, publicKey } = readPrivateKey(pem, password)
  const [hash] = hashesOf(key)
  return {
    publicKey,
    trust: trustStore({ keys: [{ ...publicKey, publisher: "" }] }),
    sign(statementJson) {
      const payload = Buffer.from(statementJson)
      const sig = sign(hash ?? null, dsse.preAuthEncoding(mediaTypes.inToto, payload), key)
      const envelope = {
        payload: payload.toString("base64"),
        payloadType: mediaTypes.inToto,
        signatures: [{ sig: sig.toString("base64") }],
      }
      // No log entry: whoever has the key needs none, and a pipeline's findings are not for a public log.
      const material = { publicKey: { hint: publicKey.fingerprint }, tlogEntries: [] }
      return JSON.stringify({
        dsseEnvelope: envelope,
        mediaType: mediaTypes.sigstoreBundle,
        verificationMaterial: material,
      })
    },
  }
}
