// The image to compare with, assessed the same way and with the same database, reduced to what is compared.
import { CsscError } from "../errors.js"
import type { Assessment, PlatformAssessment } from "../findings/assessment.js"
import type { BaselinePlatform, BaselineResult } from "../findings/baseline.js"
import { sortCanonical } from "../findings/canonical-json.js"
import { formatReference, pinnedName } from "../oci/reference.js"
import type { Policy } from "../policy/document/policy.js"
import { purlName } from "../sbom/purl.js"
import type { Operation } from "../operation.js"
import type { ScanRequest } from "./scan-request.js"

type AssessImage = (request: ScanRequest, policy: Policy) => Promise<{ readonly assessment: Assessment }>

/** What cannot be assessed is told; the policy says whether that stops the image. */
export async function readBaseline(
  { registry, policy }: Pick<Operation, "registry" | "policy">,
  { baseline, method, predicateType }: ScanRequest,
  current: Assessment,
  assessImage: AssessImage,
): Promise<BaselineResult | undefined> {
  if (baseline === undefined) return undefined
  const reference = formatReference(baseline)
  try {
    const digest = baseline.digest ?? (await registry.resolve(baseline))
    if (digest === undefined) return { kind: "none", reference }
    const image = { ...baseline, digest }
    if (digest === current.image.digest) return compared(pinnedName(image), current)
    const { assessment } = await assessImage({ image, method, predicateType, listPackages: true }, scanOnly(policy))
    const failed = assessment.platforms.find(({ scan }) => scan === undefined)
    if (failed === undefined) return compared(pinnedName(image), assessment)
    const why = failed.problems[0]?.message ?? "it was not scanned"
    return { kind: "failed", reference, message: `${failed.platform}: ${why}` }
  } catch (error) {
    if (error instanceof CsscError) return { kind: "failed", reference, message: error.reason }
    throw error
  }
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
