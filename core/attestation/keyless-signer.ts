// Signs without a key of ours: by one that lives minutes, and a certificate that names the CI job which asked for it.
// Whatever the services answer, only what verifies by the trust root, as one of our own identities, is handed on.
// https://docs.sigstore.dev/about/overview/
import { CsscError } from "../errors.js"
import { certificateClaims } from "./certificate-identity.js"
import { readIdentityToken } from "./identity-token.js"
import type { Signer } from "./signer.js"
import { ownTrust, type TrustStore } from "./trust-store.js"
import { verifyDocument } from "./verify-document.js"

/** What issues certificates and says when a signature was made; sigstore/ has it by Sigstore's own clients. */
export type KeylessServices = {
  /** Makes a key and has it certified; rejects with a `ServiceFailure`. */
  certify(token: string): Promise<Certified>
}

/** A key with its certificate. */
export type Certified = {
  /** In PEM. */
  readonly certificate: string
  /** A Sigstore bundle around a statement, with what the services vouch for; rejects with a `ServiceFailure`. */
  sign(statement: Buffer): Promise<unknown>
}

/** A service that gave no usable answer; `status` is missing when there was none. */
export type ServiceFailure = {
  readonly service: "certificate authority" | "transparency log" | "timestamp authority"
  readonly url: string
  readonly status?: number
  readonly said: string
}

export type Keyless = {
  readonly services: KeylessServices
  /** Asked for each certificate: the caller's source may give a new one. */
  readonly token: () => Promise<string>
  /** What the token must be for; undefined where a private authority knows. */
  readonly audience: string | undefined
  /** Our own identities and the trust root. */
  readonly trust: TrustStore
  readonly now: () => Date
}

/** What is signed now must still be logged and stamped while the certificate is valid. */
const margin = 60_000

/** Makes a keyless signer; throws `ARGUMENT_INVALID` without a root, or without an identity that is ours. */
export function createKeylessSigner(keyless: Keyless): Signer {
  const trust = ownTrust({ ...keyless.trust, keys: [] })
  if (trust.root === undefined || trust.identities.length === 0)
    throw new CsscError(
      "ARGUMENT_INVALID",
      "signing keyless needs with-trust-root, and with-trusted-identity for who signs here: what is signed is verified before it is attached, and when it is read again",
    )
  const certified = remembered(keyless, trust)
  return {
    trust,
    async sign(statementJson) {
      const { sign } = await certified()
      const bundle = JSON.stringify(await sign(Buffer.from(statementJson)).catch(refused))
      const { signature } = verifyDocument(bundle, trust, "what was just signed")
      if (signature.status === "verified") return bundle
      throw new CsscError("SIGNING_FAILED", `what was just signed does not verify: ${signature.reason ?? "no reason"}`)
    },
  }
}

/** One certificate for all that is signed while it lives, however much of it at once. */
function remembered(keyless: Keyless, trust: TrustStore): () => Promise<Certified> {
  let current: Promise<Certified> | undefined
  let until = 0
  return () => {
    if (current !== undefined && keyless.now().getTime() < until - margin) return current
    until = Infinity
    current = certify(keyless, trust).then(
      (renewed) => {
        until = renewed.until
        return renewed
      },
      (error: unknown) => {
        current = undefined
        throw error
      },
    )
    return current
  }
}

async function certify(keyless: Keyless, { identities }: TrustStore): Promise<Certified & { readonly until: number }> {
  const token = (await keyless.token()).trim()
  readIdentityToken(token, { now: keyless.now(), audience: keyless.audience })
  const certified = await keyless.services.certify(token).catch(refused)
  const claims = certificateClaims(certified.certificate)
  if (claims === undefined) throw new CsscError("SIGNING_FAILED", "the certificate that was issued cannot be read")
  if (!identities.some(({ issuer, subject }) => issuer === claims.issuer && subject === claims.subject))
    throw new CsscError(
      "IDENTITY_TOKEN_INVALID",
      `the identity token is of ${claims.subject.slice(0, 500)} (issuer ${claims.issuer.slice(0, 200)}), which is no identity of ours: nothing was signed; if it should be one, pass it to with-trusted-identity`,
    )
  return { ...certified, until: claims.until.getTime() }
}

function refused(error: unknown): never {
  if (!isServiceFailure(error)) throw error
  const { service, url, status, said } = error
  const what = `the ${service} ${url}`
  if (status === undefined) throw new CsscError("SIGNING_UNAVAILABLE", `${what} gave no usable answer: ${said}`)
  const text = `${what} answered ${status}: ${said}`
  if (status >= 500 || status === 429) throw new CsscError("SIGNING_UNAVAILABLE", text)
  if (service === "certificate authority")
    throw new CsscError("IDENTITY_TOKEN_INVALID", `the identity token was refused: ${text}`)
  throw new CsscError("SIGNING_FAILED", text)
}

// Not by class: the services are in a bundle of their own.
function isServiceFailure(error: unknown): error is ServiceFailure {
  return error instanceof Error && "service" in error && "said" in error
}
