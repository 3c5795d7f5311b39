// Who signed what was judged. What the policy wants signed and nobody trusted signed is named; what claims a trusted
// key and does not verify was tampered with and always stops the image, even beside an intact document of its kind:
// whoever could plant the one could have removed the other.
import { matchesPredicateType } from "../../attestation/predicate-types.js"
import type { SignatureFact } from "../../attestation/signature.js"
import type { AttestationFact } from "../../findings/assessment.js"
import type { Effect } from "../document/policy.js"
import type { JudgedPlatform } from "../judge/judged-platform.js"
import { isTrustedSignature, judgedSignature } from "../judge/trusted-signature.js"
import type { Reason } from "../verdict/verdict.js"
import { type Case, platformReason } from "./rule.js"

export function signaturesRule(image: Case): Reason[] {
  return [
    ...imageReasons(image),
    ...image.platforms.flatMap((judged) => [
      ...sbomReasons(judged, image),
      ...requiredReasons(judged, image),
      ...invalidReasons(judged),
    ]),
  ]
}

// Without the key `signatures.image` nobody had to look; what was found invalid still counts.
function imageReasons({ assessment: { signature, lifecycle, image }, policy }: Case): Reason[] {
  const named: [string, SignatureFact | undefined][] = [
    ["the image itself", signature],
    ["the lifecycle artifact", lifecycle?.signature],
  ]
  const invalid = named.flatMap(([what, fact]): Reason[] =>
    fact?.status === "invalid"
      ? [{ code: "SIGNATURE_INVALID", effect: "block", message: invalidText(what, fact) }]
      : [],
  )
  const effect = policy.signatures.image
  const message = shortcoming("the image itself", signature, effect ?? "report", { policy, reference: image.reference })
  if (effect === undefined || message === undefined) return invalid
  return [...invalid, { code: "EVIDENCE_UNSIGNED", effect, message }]
}

// A scan through an SBOM that nobody names is one that nobody looked at.
function sbomReasons(judged: JudgedPlatform, { assessment, policy }: Case): Reason[] {
  const { sbom, scan } = judged.assessment
  if (sbom === undefined && (assessment.method !== "sbom" || scan === undefined)) return []
  const effect = policy.signatures.sbom
  const at = { policy, reference: assessment.image.reference }
  const message = shortcoming("the SBOM", sbom?.signature, effect, at)
  return message === undefined ? [] : [platformReason(judged, "EVIDENCE_UNSIGNED", effect, message)]
}

// Of several attestations of one type, one that is trusted is enough. A missing one is told by the evidence rule.
function requiredReasons(judged: JudgedPlatform, { assessment, policy }: Case): Reason[] {
  const at = { policy, reference: assessment.image.reference }
  return [...new Set(policy.evidence.required)].sort().flatMap((type) => {
    const found = attestationsOf(judged, type)
    if (found.length === 0 || found.some(({ signature }) => isTrustedSignature(signature, policy, at.reference)))
      return []
    const effect = policy.signatures.evidence
    const message = shortcoming(`the required attestation ${type}`, found[0]?.signature, effect, at)
    return message === undefined ? [] : [platformReason(judged, "EVIDENCE_UNSIGNED", effect, message)]
  })
}

function invalidReasons(judged: JudgedPlatform): Reason[] {
  const { sbom, otherSboms = [], attestations = [] } = judged.assessment
  const all: [string, SignatureFact | undefined][] = [
    ["the SBOM", sbom?.signature],
    ...otherSboms.map(({ referrer, signature, scanned }): [string, SignatureFact] => [
      `the SBOM ${referrer}, which was ${scanned === true ? "scanned too" : "not used"},`,
      signature,
    ]),
    ...attestations.map(({ predicateType, referrer, signature }): [string, SignatureFact] => [
      `the attestation ${predicateType} (${referrer})`,
      signature,
    ]),
  ]
  return all.flatMap(([what, fact]) =>
    fact?.status === "invalid" ? [platformReason(judged, "SIGNATURE_INVALID", "block", invalidText(what, fact))] : [],
  )
}

/** The attestations of a platform that are of a wanted type. */
export function attestationsOf(judged: JudgedPlatform, type: string): readonly AttestationFact[] {
  const { attestations = [] } = judged.assessment
  return attestations.filter(({ predicateType }) => matchesPredicateType(type, predicateType))
}

type Place = { readonly policy: Case["policy"]; readonly reference: string }

/** What is wrong with a signature; nobody having looked only matters where it stops the image. */
function shortcoming(
  what: string,
  fact: SignatureFact | undefined,
  effect: Effect,
  { policy, reference }: Place,
): string | undefined {
  if (fact === undefined) return effect === "block" ? `nobody looked who signed ${what}` : undefined
  const judged = judgedSignature(fact, policy, reference)
  if (judged.status === "verified" || judged.status === "invalid") return undefined
  const why = judged.reason === undefined ? "" : `: ${judged.reason}`
  return judged.status === "unsigned"
    ? `${what} is not signed`
    : `${what} is signed by nobody whom the policy trusts${why}`
}

function invalidText(what: string, { reason }: SignatureFact): string {
  const why = reason === undefined ? "" : `: ${reason}`
  return `the signature of ${what} claims a trusted key and does not verify${why}; treat it as tampered with`
}
