// Verification summaries on one digest that one of our own keys signed, for one repository; newest first.
import { predicateTypes } from "../attestation/predicate-types.js"
import { contentFailure } from "../errors.js"
import { type ReadSummary, summarySchema } from "../evidence/summary-schema.js"
import type { Digest } from "../oci/digest.js"
import { compareText } from "../findings/canonical-json.js"
import { checkSchema } from "../oci/json.js"
import type { Manifest } from "../oci/manifest.js"
import { annotationKeys } from "../oci/media-types.js"
import type { PinnedReference } from "../oci/reference.js"
import type { Referrer } from "../oci/referrers.js"
import { statedPredicateType } from "../attestation/document-candidates.js"
import {
  type AttachedDocument,
  listReferrers,
  placesOf,
  readPlace,
  type VerifyingReader,
} from "../image/attached-documents.js"
import { readStatementIn } from "../image/attached-statement.js"
import { verifierId } from "../promote/summary-evidence.js"

/** Summaries of one image that are read, the newest by their annotation. */
export const MAX_SUMMARIES = 50

export type FoundSummary = { readonly referrer: Digest; readonly key: string; readonly summary: ReadSummary }

/** What does not count is told by name: unsigned, unknown key, other subject, other repository, other verifier. */
export async function findSummaries(
  own: VerifyingReader,
  image: PinnedReference,
  manifest: Manifest,
  resource: string,
): Promise<{ readonly found: readonly FoundSummary[]; readonly problems: readonly string[] }> {
  const type = predicateTypes.verificationSummary
  const tree = await listReferrers(own.registry, image, manifest)
  const places = tree === undefined ? [] : placesOf({ ...tree, referrers: newestOf(tree.referrers) }, manifest, type)
  const read = await Promise.all(places.map((place) => readPlace(own, image, place, type)))
  const results = read.flatMap(({ documents }) => documents.map((one) => readSummary(one, own, image.digest, resource)))
  const found = results.flatMap((one) => ("summary" in one ? [one] : []))
  const unread = read.flatMap(({ problem }) => problem ?? [])
  return {
    found: found.sort((a, b) => Date.parse(b.summary.timeVerified) - Date.parse(a.summary.timeVerified)),
    problems: [...results.flatMap((one) => ("problem" in one ? [one.problem] : [])), ...unread],
  }
}

// An image that is judged every day gathers summaries; the newest decides. Dates of a list are only claims, so some more
// are read, and what is signed in them is compared.
function newestOf(referrers: readonly Referrer[]): readonly Referrer[] {
  const created = ({ annotations }: Referrer) => annotations[annotationKeys.created] ?? ""
  const isOther = (stated: string | undefined) => stated !== undefined && stated !== predicateTypes.verificationSummary
  return referrers
    .filter(({ annotations }) => !isOther(statedPredicateType(annotations)))
    .sort((a, b) => compareText(created(b), created(a)))
    .slice(0, MAX_SUMMARIES)
}

function readSummary(
  document: AttachedDocument,
  { trust }: VerifyingReader,
  subject: Digest,
  resource: string,
): FoundSummary | { readonly problem: string } {
  const { referrer } = document
  const no = (why: string) => ({ problem: `the summary ${referrer} does not count: ${why}` })
  const read = readStatementIn(document, subject, trust)
  if ("problem" in read) return no(read.problem)
  const { statement, signature, about } = read
  if (signature.status !== "verified")
    return no(`${signature.status}${signature.reason ? `: ${signature.reason}` : ""}`)
  if (statement?.predicateType !== predicateTypes.verificationSummary) return no("it is of another type")
  if (!about) return no("it was signed for another digest")
  try {
    const summary = checkSchema(summarySchema, statement.predicate, "STATEMENT_INVALID", "the summary")
    if (summary.resourceUri !== resource) return no(`it is for "${summary.resourceUri}", expected "${resource}"`)
    if (summary.verifier.id !== verifierId) return no(`it is by the verifier "${summary.verifier.id}"`)
    return { referrer, key: signature.key ?? "", summary }
  } catch (error) {
    return no(contentFailure(error).reason)
  }
}
