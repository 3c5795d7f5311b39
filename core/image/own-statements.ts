// Every statement of one type on a subject that one of our own keys signed. Dates and places in a listing are anybody's
// word, so none of the candidates is left out: the one that was not read could be the one that decides.
import { documentCandidates } from "../attestation/document-candidates.js"
import type { Statement } from "../attestation/statement.js"
import type { Digest } from "../oci/digest.js"
import type { PinnedReference } from "../oci/reference.js"
import type { Referrer } from "../oci/referrers.js"
import type { VerifyingReader } from "./attached-documents.js"
import { readSoleStatement } from "./attached-statement.js"

/** Candidates of one type on one subject: more than a year of daily proofs. With more, nobody knows the newest. */
export const MAX_OWN_STATEMENTS = 400

export type OwnStatement = {
  readonly referrer: Referrer
  /** The fingerprint of the key, or the identity, that signed it. */
  readonly key: string
  readonly statement: Statement
}

export type OwnStatements = {
  readonly found: readonly OwnStatement[]
  /** Why others do not count, by name. */
  readonly problems: readonly { readonly referrer: Digest; readonly why: string }[]
}

/** Reads what is listed for a subject; throws `LIMIT_EXCEEDED`, and what the registry does not give. */
export async function readOwnStatements(
  own: VerifyingReader,
  subject: PinnedReference,
  listed: readonly Referrer[],
  predicateType: string,
): Promise<OwnStatements> {
  const candidates = documentCandidates(listed, predicateType, MAX_OWN_STATEMENTS)
  const read = await Promise.all(candidates.map((candidate) => readOne(own, subject, candidate, predicateType)))
  return {
    found: read.flatMap((one) => ("statement" in one ? [one] : [])),
    problems: read.flatMap((one) => ("why" in one ? [one] : [])),
  }
}

async function readOne(
  own: VerifyingReader,
  { digest: subject, ...repository }: PinnedReference,
  referrer: Referrer,
  predicateType: string,
): Promise<OwnStatement | { readonly referrer: Digest; readonly why: string }> {
  const { digest } = referrer
  const no = (why: string) => ({ referrer: digest, why })
  const read = await readSoleStatement(own, { ...repository, digest }, subject)
  if ("problem" in read) return no(read.problem)
  const { statement, signature, about } = read
  if (signature.status !== "verified")
    return no(`${signature.status}${signature.reason === undefined ? "" : `: ${signature.reason}`}`)
  if (statement?.predicateType !== predicateType) return no("it is of another type")
  if (!about) return no("it was signed for another digest")
  return { referrer, key: signature.key ?? "", statement }
}
