// Whose word counts. A file counts because the operator gave it; an attached document counts when somebody whom the
// policy trusts for this image signed it.
import { type SignatureFact, unsigned } from "../../attestation/signature.js"
import type { Assessment } from "../../findings/assessment.js"
import type { VexDocument, VexProblem } from "../../vex/vex-document.js"
import type { Policy } from "../document/policy.js"
import { isTrustedSignature, judgedSignature } from "../judge/trusted-signature.js"
import type { ReasonCode } from "../verdict/verdict.js"

export type Standing =
  { readonly trusted: true } | { readonly trusted: false; readonly code: ReasonCode; readonly why: string }

/** What tells whose word a document is, also one that could not be read. */
type Source = Pick<VexDocument, "origin" | "signature" | "subject">

export function standingOf(document: VexDocument, assessment: Assessment, policy: Policy): Standing {
  return sourceStanding(document, assessment, policy) ?? fileStanding(document, policy)
}

/** Of a document that could not be read: a file may be by any author, also one who counts. */
export function unreadStanding(problem: VexProblem, assessment: Assessment, policy: Policy): Standing {
  const { origin, signature = unsigned, subject } = problem
  if (origin === undefined) return no("VEX_UNTRUSTED", "nobody knows whose it is")
  const source = { origin, signature, ...(subject === undefined ? {} : { subject }) }
  return sourceStanding(source, assessment, policy) ?? { trusted: true }
}

/** Nothing for a file, whose author decides. */
function sourceStanding(
  { origin, signature, subject }: Source,
  assessment: Assessment,
  policy: Policy,
): Standing | undefined {
  if (signature.status === "invalid") return no("SIGNATURE_INVALID", invalidText(signature.reason))
  const parts = [assessment.image.digest, ...assessment.platforms.map(({ digest }) => digest)]
  if (subject !== undefined && !parts.includes(subject)) {
    return no("VEX_UNUSABLE", `it is about ${subject}, which is no part of this image`)
  }
  if (origin === "file") return undefined
  if (subject === undefined) return no("VEX_UNUSABLE", "nothing says what it is attached to")
  return attachedStanding(signature, policy, assessment.image.reference)
}

function fileStanding({ author }: VexDocument, { vex }: Policy): Standing {
  if (vex.authors === "all" || vex.authors.includes(author)) return { trusted: true }
  return no("VEX_UNTRUSTED", `its author "${author.slice(0, 200)}" is not among vex.authors`)
}

function attachedStanding(signature: SignatureFact, policy: Policy, image: string): Standing {
  const { vex } = policy
  if (!vex.referrers) return no("VEX_UNTRUSTED", "vex.referrers is false: attached documents do not count")
  if (signature.status === "unsigned") return no("VEX_UNTRUSTED", "it is not signed")
  if (!isTrustedSignature(signature, policy, image)) {
    const { reason } = judgedSignature(signature, policy, image)
    return no(
      "VEX_UNTRUSTED",
      `it is signed by nobody whom the policy trusts${reason === undefined ? "" : `: ${reason}`}`,
    )
  }
  const { publisher = "" } = signature
  // The empty name is our own key: what we signed we said.
  if (publisher === "" || vex.publishers === "all" || vex.publishers.includes(publisher)) return { trusted: true }
  return no("VEX_UNTRUSTED", `its publisher "${publisher}" is not among vex.publishers`)
}

function no(code: ReasonCode, why: string): Standing {
  return { trusted: false, code, why }
}

/** What a document is told of that was tampered with. */
export function invalidText(reason: string | undefined): string {
  const why = reason === undefined ? "" : `: ${reason}`
  return `its signature claims a trusted key and does not verify${why}; treat it as tampered with`
}
