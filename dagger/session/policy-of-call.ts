// The policy of a call: the file or the default, then the constructor's shorthands, then the publishers' keys.
import type { TrustStore } from "../../core/attestation/trust-store.js"
import { parsePolicy } from "../../core/policy/document/parse-policy.js"
import { defaultPolicy, type Policy } from "../../core/policy/document/policy.js"
import { withShorthands } from "../../core/policy/document/shorthands.js"
import type { Settings } from "../state/settings.js"

/** Every problem of it at once. */
export async function readPolicy({ policy, config }: Settings): Promise<Policy> {
  const parsed = policy === undefined ? defaultPolicy() : parsePolicy(await policy.contents(), await policy.name())
  return withShorthands(parsed, { severity: config.severity ?? "", exceptions: config.exceptions ?? "" })
}

/** A publisher whose key or identity is an argument is trusted for every image, like one of the policy without globs. */
export function withPublishers(policy: Policy, others: Pick<TrustStore, "keys" | "identities">): Policy {
  const keys = others.keys.map(({ publisher, ...key }) => ({ publisher, keys: [key], identities: [], images: [] }))
  const identities = others.identities.map(({ publisher, ...identity }) => ({
    publisher,
    keys: [],
    identities: [identity],
    images: [],
  }))
  return { ...policy, trusted: [...policy.trusted, ...keys, ...identities] }
}
