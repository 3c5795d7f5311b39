// What an operator demands of an image before it may pass. Every key is enforced, or refused: docs/policy.md explains
// each, policy-schema.ts defines it. Reading the YAML is parse-policy.ts; applying it is evaluate.ts.
import type { z } from "zod"
import { canonicalJson, sortCanonical } from "../../findings/canonical-json.js"
import { type Digest, digestOf } from "../../oci/digest.js"
import type { Immutable } from "../../oci/immutable.js"
import { policySchema } from "./policy-schema.js"

export type { Effect } from "./policy-values.js"

/** A policy with every default filled in; ages are milliseconds. */
export type Policy = Immutable<z.infer<typeof policySchema>> & {
  /** Where it came from, for people; no part of its digest. */
  readonly source: string
  /**
   * The gate's own keys at the time of judging, by fingerprint or identity: no key of the file, and no part of the digest.
   * Without it whatever was observed as signed by ourselves counts.
   */
  readonly ownKeys?: readonly string[]
}

/** Without an id an exception is about packages that nothing could assess. */
export type PolicyException = Policy["exceptions"][number]
export type TrustedPublisher = Policy["trusted"][number]
export type RegressionPolicy = NonNullable<Policy["regression"]>
export type LedgerPolicy = Policy["ledger"]

/** The policy of a module that was given none. */
export function defaultPolicy(): Policy {
  return { ...policySchema.parse({ version: 1 }), source: "default policy" }
}

/** Identity of what a policy demands: the order of its exceptions, and where it came from, do not count. */
export function policyDigest(policy: Policy): Digest {
  const { source: _source, ownKeys: _ownKeys, exceptions, trusted, ...rest } = policy
  return digestOf(canonicalJson({ ...rest, exceptions: sortCanonical(exceptions), trusted: sortCanonical(trusted) }))
}
