// Evidence of ours that a newer statement of ours replaced goes, so that a golden image does not gather more than readers
// read. What goes is signed by us, replaced by something newer that is there, named by no summary that stays, and older
// than any verdict that a run under way may still point to: so no proof goes that is the only one.
import { findSummaries, type FoundSummary } from "../attach/find-summaries.js"
import { statedPredicateType } from "../attestation/document-candidates.js"
import { predicateTypes } from "../attestation/predicate-types.js"
import type { Statement } from "../attestation/statement.js"
import { ownTrust } from "../attestation/trust-store.js"
import { readFailure } from "../errors.js"
import { digestOfResource, summarySchema } from "../evidence/summary-schema.js"
import { verdictPredicateType } from "../evidence/verdict-statement.js"
import type { VerifyingReader } from "../image/attached-documents.js"
import { readOwnStatements } from "../image/own-statements.js"
import { createdOf } from "../oci/created.js"
import type { Digest } from "../oci/digest.js"
import { bare } from "../oci/reference.js"
import type { Referrer, ReferrerTree } from "../oci/referrers.js"
import type { Operation } from "../operation.js"
import type { Pruned, PruneRequest } from "./pruned.js"
import { removeReplaced } from "./remove-replaced.js"
import { signedTime } from "./signed-time.js"

const described: readonly string[] = [verdictPredicateType, predicateTypes.cosignVulnerabilities]
const prunable: readonly string[] = [predicateTypes.verificationSummary, ...described]

/** Two clocks, and a run that takes long. */
const grace = 60 * 60 * 1000

/** Undefined when there is nothing to remove. Never throws for a refusal: the promotion has happened. */
export async function pruneEvidence(
  operation: Pick<Operation, "registry" | "policy" | "trust" | "signer" | "now">,
  request: PruneRequest,
): Promise<Pruned | undefined> {
  const before = operation.now().getTime() - operation.policy.verdict.maxAge - grace
  // The listing's dates are a hint that saves reading; what is signed decides.
  const old = request.already.trees.flatMap(({ referrers }) => referrers).filter((one) => mayBeReplaced(one, before))
  if (operation.signer === undefined || old.length === 0) return undefined
  try {
    const replaced = await findReplaced(operation, request, before)
    return replaced.length === 0 ? undefined : await removeReplaced(operation, request, replaced)
  } catch (error) {
    return { removed: [], note: `what newer evidence replaced was left: ${readFailure(error).reason}` }
  }
}

type Scope = { readonly own: VerifyingReader; readonly request: PruneRequest; readonly before: number }

async function findReplaced(
  { registry, trust }: Pick<Operation, "registry" | "trust">,
  request: PruneRequest,
  before: number,
): Promise<readonly Digest[]> {
  const scope = { own: { registry, trust: ownTrust(trust) }, request, before }
  const { trees } = request.already
  const summaries = await Promise.all(trees.map((tree) => sortSummaries(scope, tree)))
  const named = new Set(summaries.flatMap((one) => one.named))
  for (const { digest } of request.evidence) named.add(digest)
  const others = await Promise.all(trees.flatMap((tree) => described.map((type) => replacedOf(scope, tree, type))))
  return [...summaries.flatMap((one) => one.replaced), ...others.flat().filter((digest) => !named.has(digest))]
}

type SortedSummaries = { readonly replaced: readonly Digest[]; readonly named: readonly Digest[] }

async function sortSummaries(scope: Scope, tree: ReferrerTree): Promise<SortedSummaries> {
  const { own, request, before } = scope
  const subject = { ...bare(request.target), digest: tree.subject }
  const { found, signed } = await findSummaries(own, subject, tree.referrers)
  const current = newerOf(scope, tree, predicateTypes.verificationSummary)
  const goes = ({ referrer, summary, signed: { referrer: listed } }: FoundSummary) =>
    current !== undefined &&
    referrer !== current &&
    listed.referrers.length === 0 &&
    Date.parse(summary.timeVerified) < before
  const replaced = found.filter(goes).map(({ referrer }) => referrer)
  const kept = signed.filter(({ referrer }) => !replaced.includes(referrer.digest))
  return { replaced, named: kept.flatMap(({ statement }) => inputsOf(statement)) }
}

/** What a summary points to, for whatever repository it was made. */
function inputsOf({ predicate }: Statement): Digest[] {
  const inputs = summarySchema.safeParse(predicate).data?.inputAttestations ?? []
  return inputs.flatMap((input) => digestOfResource(input) ?? [])
}

async function replacedOf(scope: Scope, tree: ReferrerTree, type: string): Promise<readonly Digest[]> {
  const { own, request, before } = scope
  const current = newerOf(scope, tree, type)
  if (current === undefined) return []
  const subject = { ...bare(request.target), digest: tree.subject }
  const listed = tree.referrers.filter((one) => mayBeReplaced(one, before))
  const { found } = await readOwnStatements(own, subject, listed, type)
  return found
    .filter(({ referrer, statement }) => {
      const time = signedTime(statement)
      return referrer.digest !== current && referrer.referrers.length === 0 && time !== undefined && time < before
    })
    .map(({ referrer }) => referrer.digest)
}

/** What this run says of the subject: only something newer replaces. */
function newerOf({ request }: Scope, { subject }: ReferrerTree, type: string): Digest | undefined {
  return request.evidence.find((one) => one.subject === subject && one.predicateType === type)?.digest
}

function mayBeReplaced({ annotations }: Referrer, before: number): boolean {
  const created = createdOf(annotations)
  const isOld = created === undefined || Date.parse(created) < before
  return isOld && prunable.includes(statedPredicateType(annotations) ?? "")
}
