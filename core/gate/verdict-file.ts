// A verdict that comes as a file: a bare document, which is only a claim, or a Sigstore bundle that one of our own keys
// signed. A signed file whose signature does not hold is refused: it is not taken as a claim instead.
import { subjectMatches } from "../attestation/statement.js"
import { ownTrust, trustsNobody, type TrustStore } from "../attestation/trust-store.js"
import { verifyDocument } from "../attestation/verify-document.js"
import { CsscError } from "../errors.js"
import { verdictPredicateType } from "../evidence/verdict-statement.js"
import { canonicalJson } from "../findings/canonical-json.js"
import { isRecord, parseJson } from "../oci/json.js"
import { parseVerdictValue } from "../policy/verdict/parse-verdict.js"
import type { Verdict } from "../policy/verdict/verdict.js"

export const MAX_VERDICT_BYTES = 64 * 1024 * 1024

export type VerdictFile = {
  /** The verdict document's text, whatever envelope it came in. */
  readonly text: string
  /** Set when one of our own keys signed it. */
  readonly signed?: { readonly verdict: Verdict; readonly key: string }
}

const what = "the verdict file"

/** Opens the file; throws `VERDICT_UNTRUSTED` for a signature that does not hold. */
export function openVerdictFile(text: string, trust: TrustStore): VerdictFile {
  const bounds = { code: "VERDICT_UNTRUSTED", what, maxBytes: MAX_VERDICT_BYTES, maxDepth: 64 } as const
  const value = parseJson(text, bounds)
  if (!isEnvelope(value)) return { text }
  const own = ownTrust(trust)
  if (trustsNobody(own))
    throw refuse(
      "it is signed, and no key of the gate is trusted here: pass it by with-trusted-key, or its identity by with-trusted-identity",
    )
  const { statement, signature } = verifyDocument(text, own, what)
  if (signature.status !== "verified") throw refuse(`its signature is ${signature.status}: ${signature.reason ?? ""}`)
  if (statement?.predicateType !== verdictPredicateType)
    throw refuse(`it holds ${statement?.predicateType ?? "no statement"}, expected ${verdictPredicateType}`)
  const verdict = parseVerdictValue(statement.predicate, what)
  if (!subjectMatches(statement, verdict.image.digest)) throw refuse("it was signed for another digest than it judges")
  return { text: canonicalJson(verdict), signed: { verdict, key: signature.key ?? "" } }
}

/** Results beside a file count only when their verdict is signed: its digests alone bind them. */
export function requireSignedFor(file: Pick<VerdictFile, "signed">, results: unknown): void {
  if (results === undefined || file.signed !== undefined) return
  throw refuse("results beside it count only with a verdict that a key of the gate signed: pass verdict.sigstore.json")
}

function isEnvelope(value: unknown): boolean {
  return isRecord(value) && ("dsseEnvelope" in value || "payload" in value || "verificationMaterial" in value)
}

function refuse(why: string): CsscError {
  return new CsscError("VERDICT_UNTRUSTED", `${what} cannot be trusted: ${why}; nothing was promoted`)
}
