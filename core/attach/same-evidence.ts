// Evidence that another run of ours attached meanwhile: two runs on one target must not take each other for an intruder.
import type { Signer } from "../attestation/signer.js"
import type { Statement } from "../attestation/statement.js"
import { emptyTrust } from "../attestation/trust-store.js"
import { readSoleStatement } from "../image/attached-statement.js"
import { annotationKeys } from "../oci/media-types.js"
import { bare, type PinnedReference } from "../oci/reference.js"
import type { Referrer } from "../oci/referrers.js"
import type { Registry } from "../ports.js"
import type { AttachedEvidence } from "./attach-evidence.js"
import { relate, type Relation } from "./relate-statements.js"

// A summary names the other documents of its own run by digest: each run has its own.
function inputless(statement: Statement): Statement {
  const { predicate } = statement
  if (typeof predicate !== "object" || predicate === null) return statement
  return { ...statement, predicate: { ...predicate, inputAttestations: [] } }
}

type Reading = { readonly registry: Registry; readonly target: PinnedReference; readonly signer: Signer | undefined }

/**
 * Whether an attachment is what we just attached to the same subject, by another run: signed by our key with the same result,
 * or, without a key, word for word but for the time. Anything else is somebody else's.
 */
export async function isSameEvidence(
  { registry, target, signer }: Reading,
  attached: readonly AttachedEvidence[],
  found: Referrer,
): Promise<boolean> {
  const type = found.annotations[annotationKeys.predicateType]
  const ours = attached.filter(({ subject, predicateType }) => subject === found.subject && predicateType === type)
  if (ours.length === 0) return false
  const read = async ({ digest, subject }: Pick<Referrer, "digest" | "subject">) => {
    const one = await readSoleStatement(
      { registry, trust: signer?.trust ?? emptyTrust },
      { ...bare(target), digest },
      subject,
    )
    return "problem" in one || !one.about ? undefined : one
  }
  const theirs = await read(found)
  if (theirs?.statement === undefined || theirs.statement.predicateType !== type) return false
  const relations = new Set<Relation>()
  for (const one of ours) {
    const statement = (await read(one))?.statement
    if (statement !== undefined) relations.add(relate(inputless(theirs.statement), inputless(statement)))
  }
  if (signer === undefined) return relations.has("same")
  // A summary of ours with another result is no second promotion: somebody took the proof back meanwhile.
  return theirs.signature.status === "verified" && !relations.has("contrary")
}
