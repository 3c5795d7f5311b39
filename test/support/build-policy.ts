// Policies as operators write them: through the parser, with a test's keys as publishers.
import { parsePolicy } from "../../core/policy/document/parse-policy.js"
import type { Policy } from "../../core/policy/document/policy.js"
import type { TestKey } from "../core/attestation/build-signed.js"

/** `more` has the keys of a policy file; JSON is YAML. */
export function aPolicy(publishers: Readonly<Record<string, TestKey>> = {}, more: object = {}): Policy {
  const trusted = Object.entries(publishers).map(([publisher, key]) => ({ publisher, keys: [key.publicKey.pem] }))
  return parsePolicy(JSON.stringify({ version: 1, ...(trusted.length === 0 ? {} : { trusted }), ...more }))
}
