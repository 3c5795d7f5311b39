// The short form of a verdict for consumers that only ask "did it pass, for this repository, under that policy?"
// https://slsa.dev/spec/v1.1/verification_summary
import { predicateTypes } from "../attestation/predicate-types.js"
import type { Digest } from "../oci/digest.js"
import type { Verdict } from "../policy/verdict/verdict.js"
import { buildStatement, type BuiltStatement, formatTime, type Subject } from "./build-statement.js"

/** Says that our gate passed; never a SLSA level, since none was checked. */
export const gatePassedLevel = "CSSC_GATE_PASSED"

/** Who verified: this module's gate. Consumers compare it exactly. */
export const verifierId = "https://cssc.dev/gate/v1"
export const policyUri = "https://cssc.dev/policy/v1"

export type InputAttestation = { readonly uri: string; readonly digest: Digest }

export type VerificationSummaryInput = Subject & {
  readonly verdict: Verdict
  readonly verifierId: string
  /** The verifier's version, by the name of the component. */
  readonly verifierVersion?: Readonly<Record<string, string>>
  /** The target repository; consumers compare it exactly. */
  readonly resourceUri: string
  readonly policyUri: string
  /** What was judged: the verdict statement among them. */
  readonly inputAttestations: readonly InputAttestation[]
}

type ResourceDescriptor = { readonly uri: string; readonly digest: Readonly<Record<string, string>> }

export type VerificationSummary = {
  readonly verifier: { readonly id: string; readonly version?: Readonly<Record<string, string>> }
  readonly timeVerified: string
  readonly resourceUri: string
  readonly policy: ResourceDescriptor
  readonly inputAttestations: readonly ResourceDescriptor[]
  readonly verificationResult: "PASSED" | "FAILED"
  readonly verifiedLevels: readonly string[]
  readonly slsaVersion: string
}

/** The summary of a verdict for one subject: the index, or one of its platforms. */
export function buildVerificationSummary(input: VerificationSummaryInput): BuiltStatement<VerificationSummary> {
  const { verdict, verifierVersion } = input
  return buildStatement(input, predicateTypes.verificationSummary, {
    verifier: { id: input.verifierId, ...(verifierVersion === undefined ? {} : { version: verifierVersion }) },
    timeVerified: formatTime(verdict.evaluatedAt),
    resourceUri: input.resourceUri,
    policy: descriptorOf(input.policyUri, verdict.policy.digest),
    inputAttestations: input.inputAttestations.map(({ uri, digest }) => descriptorOf(uri, digest)),
    verificationResult: verdict.passed ? "PASSED" : "FAILED",
    verifiedLevels: verdict.passed ? [gatePassedLevel] : [],
    slsaVersion: "1.1",
  })
}

function descriptorOf(uri: string, digest: Digest): ResourceDescriptor {
  const [algorithm = "", hex = ""] = digest.split(":")
  return { uri, digest: { [algorithm]: hex } }
}
