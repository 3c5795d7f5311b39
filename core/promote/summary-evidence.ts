// The verification summaries of a promotion: for the index and for each platform that decided, since
// a cluster resolves either.
import type { AttachedEvidence } from "../attach/attach-evidence.js"
import { predicateTypes } from "../attestation/predicate-types.js"
import { artifactOf, type Evidence } from "../evidence/evidence.js"
import { verdictPredicateType } from "../evidence/verdict-statement.js"
import {
  buildVerificationSummary,
  type InputAttestation,
  policyUri,
  verifierId,
} from "../evidence/verification-summary.js"
import { canonicalJson } from "../findings/canonical-json.js"
import { type GateResult } from "../gate/gate-result.js"
import { annotationKeys } from "../oci/media-types.js"
import { pinnedName, type Repository, repositoryName } from "../oci/reference.js"
import type { Policy } from "../policy/document/policy.js"
import { decides } from "../policy/judge/judged-platform.js"

/**
 * Summaries that point to what was attached before them: the verdict for all, the scan for its own subject. A platform that
 * did not decide was not judged, so nothing proves it; but what takes a proof back, takes it back from all.
 */
export function buildSummaries(
  policy: Policy,
  { verdict, assessment }: GateResult,
  target: Repository,
  attached: readonly AttachedEvidence[],
): Evidence[] {
  const { digest: image } = verdict.image
  const told = assessment.platforms.filter(({ platform }) => !verdict.passed || decides(policy, platform))
  const subjects = new Set([image, ...told.map(({ digest }) => digest)])
  const version = Object.fromEntries(verdict.tools.map(({ name, version: number }) => [name, number]))
  const predicateType = predicateTypes.verificationSummary
  return [...subjects].map((subject) => {
    const inputs = attached.filter((one) => one.subject === subject || one.predicateType === verdictPredicateType)
    const statement = buildVerificationSummary({
      subjectName: repositoryName(target),
      subjectDigest: subject,
      verdict,
      verifierId,
      verifierVersion: version,
      resourceUri: repositoryName(target),
      policyUri,
      inputAttestations: inputs.map((one) => inputOf(one, target)),
    })
    const annotations = { [annotationKeys.predicateType]: predicateType }
    return { subject, predicateType, artifact: artifactOf("summary.json", canonicalJson(statement), annotations) }
  })
}

function inputOf({ digest }: AttachedEvidence, { registry, repository }: Repository): InputAttestation {
  return { uri: pinnedName({ registry, repository, digest }), digest }
}
