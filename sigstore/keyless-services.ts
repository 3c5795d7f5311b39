// Fulcio, Rekor and a timestamp authority, by Sigstore's own clients: the entry of a bundle of its own (scripts/build.mjs),
// which is loaded when something is signed keyless, so that no other call pays for it.
// https://github.com/sigstore/sigstore-js/tree/main/packages/sign
import { generateKeyPairSync, sign as signBytes } from "node:crypto"
import { bundleToJSON } from "@sigstore/bundle"
import { DSSEBundleBuilder, FulcioSigner, RekorWitness, type Signer, TSAWitness, type Witness } from "@sigstore/sign"
import pLimit from "p-limit"
import type { Certified, KeylessServices, ServiceFailure } from "../core/attestation/keyless-signer.js"
import { mediaTypes } from "../core/oci/media-types.js"
import { answerOf } from "./service-failure.js"

export { trustAuthorities } from "./private-authorities.js"

/** Where the services are; at least one of the last two says when a signature was made. */
export type KeylessUrls = {
  readonly fulcio: string
  readonly rekor?: { readonly url: string; readonly version: 1 | 2 }
  readonly timestamp?: string
}

/** Statements at once: public instances count requests. */
const atOnce = 8
/** Per request; a log of version 2 answers when the entry is in its tree, which takes seconds. */
const timeout = 30_000
/** Of what may pass: no answer, 408, 429 and 5xx. `minTimeout`: milliseconds, doubled each time. */
const defaultRetry = { retries: 3, minTimeout: 1000 }

export function keylessServices(urls: KeylessUrls, retry: Retry = defaultRetry): KeylessServices {
  const options = { retry, timeout }
  const limit = pLimit(atOnce)
  return {
    async certify(token) {
      const holder = ephemeralSigner()
      const identityProvider = { getToken: () => Promise.resolve(token) }
      const fulcio = new FulcioSigner({ ...options, fulcioBaseURL: urls.fulcio, identityProvider, keyHolder: holder })
      // The library certifies a key for one signature: this one is of nothing, and the key and certificate are kept.
      const place = { service: "certificate authority", url: urls.fulcio } as const
      const { key } = await answerOf(place, fulcio.sign(Buffer.alloc(0)), [token])
      if (key.$case !== "x509Certificate") throw new Error("a certificate authority gives certificates")
      const signer: Signer = { sign: async (data) => ({ signature: (await holder.sign(data)).signature, key }) }
      const builder = new DSSEBundleBuilder({ signer, witnesses: witnessesOf(urls, options) })
      return {
        certificate: key.certificate,
        sign: (data) => limit(async () => bundleToJSON(await builder.create({ data, type: mediaTypes.inToto }))),
      } satisfies Certified
    },
  }
}

export type Retry = { readonly retries: number; readonly minTimeout: number }
type Options = { readonly retry: Retry; readonly timeout: number }

/** A key that exists in this process, until the call ends. */
function ephemeralSigner(): Signer {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" })
  const pem = publicKey.export({ type: "spki", format: "pem" }).toString()
  const key = { $case: "publicKey", publicKey: pem } as const
  return { sign: (data) => Promise.resolve({ signature: signBytes("sha256", data, privateKey), key }) }
}

function witnessesOf({ rekor, timestamp }: KeylessUrls, options: Options): Witness[] {
  // An attempt whose answer was lost has made the entry: then the entry that is there is taken.
  const log = rekor && { rekorBaseURL: rekor.url, majorApiVersion: rekor.version, fetchOnConflict: true }
  return [
    ...(log === undefined
      ? []
      : [named("transparency log", log.rekorBaseURL, new RekorWitness({ ...options, ...log }))]),
    ...(timestamp === undefined
      ? []
      : [named("timestamp authority", timestamp, new TSAWitness({ ...options, tsaBaseURL: timestamp }))]),
  ]
}

/** The witness, whose failures name it. */
function named(service: ServiceFailure["service"], url: string, witness: Witness): Witness {
  return { testify: (signature, key) => answerOf({ service, url }, witness.testify(signature, key)) }
}
