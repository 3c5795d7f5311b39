// The keys of a call. A private key exists in this process only: not in a container, a layer, a log or the state.
import { readPublicKey } from "../../core/attestation/public-key.js"
import { createSigner, type Signer } from "../../core/attestation/signer.js"
import { parseTrustRoot, type TrustRoot } from "../../core/attestation/trust-root.js"
import type { TrustedKey } from "../../core/attestation/trust-store.js"
import type { Settings } from "../state/settings.js"

export async function readSigner({ signingKey }: Pick<Settings, "signingKey">): Promise<Signer | undefined> {
  if (signingKey === undefined) return undefined
  const [key, password] = await Promise.all([signingKey.key.plaintext(), signingKey.password?.plaintext()])
  return createSigner(key, password)
}

export function readTrustedKeys({ trustedKeys }: Settings): Promise<TrustedKey[]> {
  return Promise.all(
    trustedKeys.map(async ({ file, publisher }) => {
      const what = publisher === "" ? "the trusted key" : `the trusted key of ${publisher}`
      return { ...readPublicKey(await file.contents(), what), publisher }
    }),
  )
}

export async function readTrustRoot({ trustRoot }: Pick<Settings, "trustRoot">): Promise<TrustRoot | undefined> {
  return trustRoot === undefined ? undefined : parseTrustRoot(await trustRoot.contents(), "the trust root")
}
