// The image to compare with, assessed the same way and with the same database, reduced to what is compared.
import { readFailure } from "../errors.js"
import type { Assessment, PlatformAssessment, Problem } from "../findings/assessment.js"
import type { BaselinePlatform, BaselineResult } from "../findings/baseline.js"
import { sortCanonical } from "../findings/canonical-json.js"
import { unreadIn } from "../findings/unread-evidence.js"
import { formatReference, pinnedName } from "../oci/reference.js"
import type { Policy } from "../policy/document/policy.js"
import { purlName } from "../sbom/purl.js"
import type { AssessOperation, ScanRequest } from "./scan-request.js"

type AssessImage = (request: ScanRequest, policy: Policy) => Promise<{ readonly assessment: Assessment }>

/** What is compared with, and what of it could not be read. */
export type ReadBaseline = { readonly result?: BaselineResult; readonly problems: readonly Problem[] }

/**
 * What cannot be assessed by what is in it is told, and the policy says whether that stops the image; what could not be
 * read always does.
 */
export async function readBaseline(
  { registry, policy }: Pick<AssessOperation, "registry" | "policy">,
  { baseline, method, predicateType }: ScanRequest,
  current: Assessment,
  assessImage: AssessImage,
): Promise<ReadBaseline> {
  if (baseline === undefined) return { problems: [] }
  const reference = formatReference(baseline)
  const problems: Problem[] = []
  const read = async (): Promise<ReadBaseline> => {
    const digest = baseline.digest ?? (await registry.resolve(baseline))
    if (digest === undefined) return { result: { kind: "none", reference }, problems }
    const image = { ...baseline, digest }
    if (digest === current.image.digest) return { result: compared(pinnedName(image), current), problems }
    const { assessment } = await assessImage({ image, method, predicateType, listPackages: true }, scanOnly(policy))
    problems.push(...unreadOf(reference, assessment))
    const failed = assessment.platforms.find(({ scan }) => scan === undefined)
    if (failed === undefined) return { result: compared(pinnedName(image), assessment), problems }
    const why = failed.problems[0]?.message ?? "it was not scanned"
    return { result: { kind: "failed", reference, message: `${failed.platform}: ${why}` }, problems }
  }
  try {
    return await read()
  } catch (error) {
    const { kind, reason } = readFailure(error)
    const result = { kind: "failed", reference, message: reason } as const
    if (kind === "content") return { result, problems }
    const message = `${reference}, which it is compared with, could not be read: ${reason}`
    return { result, problems: [{ code: "EVIDENCE_UNREADABLE", message }] }
  }
}

// A scan that failed is the policy's business: an image that no scanner takes would else never be replaced.
function unreadOf(reference: string, assessment: Assessment): Problem[] {
  return unreadIn(assessment)
    .filter(({ code }) => code !== "SCANNER_FAILED")
    .map(({ message }) => ({
      code: "EVIDENCE_UNREADABLE",
      message: `${reference}, which it is compared with: ${message}`,
    }))
}

// Of the baseline only packages and findings count.
function scanOnly(policy: Policy): Policy {
  const { knownExploited: _known, epss: _epss, crossExamination: _cross, ...rest } = policy
  return {
    ...rest,
    evidence: { ...policy.evidence, required: [] },
    signatures: { sbom: "report", evidence: "report" },
    vex: { ...policy.vex, referrers: false },
  }
}

function compared(reference: string, { image, platforms }: Assessment): BaselineResult {
  return { kind: "compared", baseline: { reference, digest: image.digest, platforms: platforms.map(reduce) } }
}

function reduce({ platform, digest, scan, created }: PlatformAssessment): BaselinePlatform {
  const findings = (scan?.findings ?? []).map(({ id, purl, package: name, severity }) => ({
    id,
    package: purlName(purl, name),
    severity,
  }))
  return {
    platform,
    digest,
    ...(scan?.os === undefined ? {} : { os: `${scan.os.family} ${scan.os.name}`.trim() }),
    findings: sortCanonical(findings),
    ...(scan?.packageNames === undefined ? {} : { packages: scan.packageNames }),
    ...(created === undefined ? {} : { created }),
  }
}
