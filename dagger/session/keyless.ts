// Keyless signing of a call. The token is asked for when a certificate is, and exists in this process only.
import { readIdentityToken, sigstoreAudience } from "../../core/attestation/identity-token.js"
import { createKeylessSigner } from "../../core/attestation/keyless-signer.js"
import type { Signer } from "../../core/attestation/signer.js"
import { trustStore } from "../../core/attestation/trust-store.js"
import { CsscError } from "../../core/errors.js"
import type { Settings } from "../state/settings.js"
import { readTrustRoot } from "./keys.js"

/** Throws for a token that cannot be used, before anything is done; the services are first asked when something is signed. */
export async function keylessSigner(settings: Settings & Required<Pick<Settings, "keyless">>): Promise<Signer> {
  const { keyless, config } = settings
  const { fulcioUrl: fulcio, rekorUrl, timestampUrl: timestamp, rekorVersion: version } = keyless
  const audience = keyless.isPublic ? sigstoreAudience : undefined
  const now = () => new Date()
  const token = () => keyless.token.plaintext()
  const root = await readTrustRoot(settings)
  const trust = trustStore({ identities: config.trustedIdentities ?? [], ...(root && { root }) })
  const urls = { fulcio, ...(rekorUrl && { rekor: { url: rekorUrl, version } }), ...(timestamp && { timestamp }) }
  // One for all hosts: one that was passed for a registry is for that alone.
  const authorities = settings.certificates.flatMap(({ address, file }) => (address === undefined ? [file] : []))
  const services = once(async () => {
    const { keylessServices, trustAuthorities } = await import("#keyless")
    if (!trustAuthorities(await Promise.all(authorities.map((file) => file.contents()))))
      throw new CsscError("ARGUMENT_INVALID", "with-certificate and keyless signing together need a newer Node.js")
    return keylessServices(urls)
  })
  const certify = async (text: string) => (await services()).certify(text)
  const signer = createKeylessSigner({ services: { certify }, token, audience, trust, now })
  readIdentityToken((await token()).trim(), { now: now(), audience })
  return signer
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => (made ??= make())
}
