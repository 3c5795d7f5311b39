// The verdict behind a verification summary: named by digest, signed by one of our own keys, about this image.
import type { FoundSummary } from "../attach/find-summaries.js"
import { subjectMatches } from "../attestation/statement.js"
import { contentFailure, isNotFound } from "../errors.js"
import { digestOfResource } from "../evidence/summary-schema.js"
import { verdictPredicateType } from "../evidence/verdict-statement.js"
import type { VerifyingReader } from "../image/attached-documents.js"
import { readSoleStatement } from "../image/attached-statement.js"
import { listSome } from "../list-some.js"
import { type Digest } from "../oci/digest.js"
import type { PinnedReference } from "../oci/reference.js"
import { expiryOf } from "../policy/document/expiry.js"
import { parseVerdictValue } from "../policy/verdict/parse-verdict.js"
import type { Verdict } from "../policy/verdict/verdict.js"

export type VerifiedVerdict = { readonly referrer: Digest; readonly verdict: Verdict } | { readonly problem: string }

/** Inputs of one summary that are looked at. */
const maxInputs = 20
/** Vulnerabilities and reasons that one line names. */
const maxNamed = 10

export async function readVerdictOf(
  own: VerifyingReader,
  image: PinnedReference,
  { summary }: FoundSummary,
): Promise<VerifiedVerdict> {
  const inputs = summary.inputAttestations.flatMap((input) => digestOfResource(input) ?? []).slice(0, maxInputs)
  const problems: string[] = []
  for (const digest of inputs) {
    const read = await readOne(own, { ...image, digest }).catch(notThereAnyMore)
    if (read !== undefined && "verdict" in read) return read
    if (read !== undefined) problems.push(read.problem)
  }
  const why = problems.length === 0 ? "its summary names none that is there" : problems.join("; ")
  return { problem: `the signed verdict is missing: ${why}` }
}

// What a newer summary replaced may go, and what is not there proves nothing. Any other failure hides it.
function notThereAnyMore(error: unknown): undefined {
  if (isNotFound(error)) return undefined
  throw error
}

// Not a verdict at all: one of the other inputs.
async function readOne(own: VerifyingReader, carrier: PinnedReference): Promise<VerifiedVerdict | undefined> {
  const no = (why: string) => ({ problem: `${carrier.digest} does not count: ${why}` })
  const read = await readSoleStatement(own, carrier)
  if ("problem" in read) return no(read.problem)
  const { statement, signature } = read
  if (statement?.predicateType !== verdictPredicateType) return undefined
  if (signature.status !== "verified") return no(signature.reason ?? signature.status)
  try {
    const verdict = parseVerdictValue(statement.predicate, "the verdict")
    if (!subjectMatches(statement, verdict.image.digest)) return no("it was signed for another digest than it judges")
    return { referrer: carrier.digest, verdict }
  } catch (error) {
    return no(contentFailure(error).reason)
  }
}

/** What is wrong with a verdict now: it is about something else, did not pass, or rests on what has expired since. */
export function verdictProblems(verdict: Verdict, subject: Digest, { summary }: FoundSummary, now: Date): string[] {
  const about = [verdict.image.digest, ...verdict.platforms.map(({ digest }) => digest)]
  const { override, exceptions, policy } = verdict
  const expired = exceptions.filter(({ uses, expires }) => uses > 0 && expires !== undefined && isOver(expires, now))
  const ended = override !== undefined && override.state === "used" && now.getTime() > Date.parse(override.expires)
  return [
    ...(about.includes(subject) ? [] : [`its verdict is about ${verdict.image.digest}, not about ${subject}`]),
    ...(verdict.passed ? [] : [`its verdict is "${verdict.outcome}"${stoppedBy(verdict)}`]),
    ...(policy.digest === digestOfResource(summary.policy) ? [] : ["its summary and its verdict name two policies"]),
    ...expired.map(({ id, package: purl, expires }) => `the exception for ${id ?? purl} has expired (${expires})`),
    ...(ended ? [`the override by ${override.approver} has expired (${override.expires})`] : []),
  ]
}

// What somebody has to fix before it may be deployed again.
function stoppedBy({ remaining, reasons }: Verdict): string {
  const codes = reasons.flatMap(({ effect, code }) => (effect === "block" && code !== "FINDINGS" ? [code] : []))
  const all = [...new Set([...remaining, ...codes])]
  if (all.length === 0) return ""
  return `: ${listSome(all, maxNamed)}`
}

function isOver(expires: string, now: Date): boolean {
  const moment = expiryOf(expires)
  return moment === undefined || now.getTime() > Date.parse(moment)
}
