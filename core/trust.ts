// Whose signatures count in a call: our own keys, those that the caller passed, and the policy's publishers.
import { identityName, ownTrust, type TrustStore, trustStore } from "./attestation/trust-store.js"
import type { Policy } from "./policy/document/policy.js"
import type { Caller } from "./ports.js"

/** The publisher of what we sign ourselves. */
export const ourselves = ""

/** Which image a publisher may speak for is the policy's business: it is asked when the image is judged. */
export function trustOf({ trusted }: Pick<Policy, "trusted">, caller: Omit<Caller, "now" | "run">): TrustStore {
  const keys = trusted.flatMap(({ publisher, keys: named }) => named.map((key) => ({ ...key, publisher })))
  const identities = trusted.flatMap(({ publisher, identities: named }) =>
    named.map((identity) => ({ ...identity, publisher })),
  )
  const root = caller.trustRoot === undefined ? {} : { root: caller.trustRoot }
  const { signer, keys: passed = [], identities: own = [] } = caller
  return trustStore({
    keys: [...(signer?.trust.keys ?? []), ...passed, ...keys],
    identities: [...(signer?.trust.identities ?? []), ...own, ...identities],
    ...root,
  })
}

/** Our own keys and identities, as signature facts name them. */
export function ownNames(trust: TrustStore): readonly string[] {
  const { keys, identities } = ownTrust(trust)
  return [...keys.map(({ fingerprint }) => fingerprint), ...identities.map(identityName)]
}
