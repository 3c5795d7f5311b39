// Verification summaries on one digest that one of our own keys signed, for one repository; newest first, by the time that
// was signed.
import { predicateTypes } from "../attestation/predicate-types.js"
import { contentFailure } from "../errors.js"
import { type ReadSummary, summarySchema } from "../evidence/summary-schema.js"
import { verifierId } from "../evidence/verification-summary.js"
import type { VerifyingReader } from "../image/attached-documents.js"
import { type OwnStatement, readOwnStatements } from "../image/own-statements.js"
import type { Digest } from "../oci/digest.js"
import { checkSchema } from "../oci/json.js"
import { type PinnedReference, repositoryName } from "../oci/reference.js"
import type { Referrer } from "../oci/referrers.js"

export type FoundSummary = {
  readonly referrer: Digest
  readonly key: string
  readonly summary: ReadSummary
  readonly signed: OwnStatement
}

export type FoundSummaries = {
  readonly found: readonly FoundSummary[]
  /** With those for other repositories. */
  readonly signed: readonly OwnStatement[]
  readonly problems: readonly string[]
}

/** What does not count is told by name: unsigned, unknown key, other subject, other repository, other verifier. */
export async function findSummaries(
  own: VerifyingReader,
  image: PinnedReference,
  listed: readonly Referrer[],
  resource = repositoryName(image),
): Promise<FoundSummaries> {
  const { found, problems } = await readOwnStatements(own, image, listed, predicateTypes.verificationSummary)
  const read = found.map((one) => readSummary(one, resource))
  const unread = [...problems, ...read.flatMap((one) => ("why" in one ? [one] : []))]
  return {
    signed: found,
    found: read.flatMap((one) => ("summary" in one ? [one] : [])).sort(newestFirst),
    problems: unread.map(({ referrer, why }) => `the summary ${referrer} does not count: ${why}`),
  }
}

// Of two at one moment the one that takes the proof back.
function newestFirst({ summary: a }: FoundSummary, { summary: b }: FoundSummary): number {
  const takesBack = ({ verificationResult }: ReadSummary) => Number(verificationResult === "FAILED")
  return Date.parse(b.timeVerified) - Date.parse(a.timeVerified) || takesBack(b) - takesBack(a)
}

function readSummary(
  signed: OwnStatement,
  resource: string,
): FoundSummary | { readonly referrer: Digest; readonly why: string } {
  const { digest: referrer } = signed.referrer
  try {
    const summary = checkSchema(summarySchema, signed.statement.predicate, "STATEMENT_INVALID", "the summary")
    if (summary.resourceUri !== resource)
      return { referrer, why: `it is for "${summary.resourceUri}", expected "${resource}"` }
    if (summary.verifier.id !== verifierId) return { referrer, why: `it is by the verifier "${summary.verifier.id}"` }
    return { referrer, key: signed.key, summary, signed }
  } catch (error) {
    return { referrer, why: contentFailure(error).reason }
  }
}
