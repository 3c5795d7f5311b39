// One platform of an image: through its file system or its SBOM, with what is attached to it. What cannot be scanned is
// a problem with a name; whether it blocks is the policy's business.
import { readFailure } from "../errors.js"
import type { PlatformAssessment, Problem, ScanResult } from "../findings/assessment.js"
import { parseTrivyReport, type TrivyReport } from "../findings/trivy-report.js"
import { findAttestations } from "../image/find-attestations.js"
import { platformCreated } from "../image/image-config.js"
import { type ImageGraph, type ImagePlatform, unknownEntry, unknownPlatform } from "../image/image-graph.js"
import { type Digest, digestOf } from "../oci/digest.js"
import type { PinnedReference } from "../oci/reference.js"
import { unassessedPackages } from "../sbom/coverage.js"
import { imageCoverageProblems, sbomCoverageProblems } from "../sbom/os-coverage.js"
import { purlName } from "../sbom/purl.js"
import type { SelectedSbom } from "../sbom/sbom-candidate.js"
import { wholeOf } from "../sbom/whole-sbom.js"
import { crossExamine } from "./cross-examine.js"
import { findSbom } from "./find-sbom.js"
import { orUnread } from "./or-unread.js"
import type { AssessmentScope } from "./scan-request.js"
import { scanSboms } from "./scan-sboms.js"

type Found = Pick<PlatformAssessment, "sbom" | "otherSboms" | "scan" | "comparison" | "problems">

/** Assesses one platform; `keep` takes the scanner's raw report. */
export async function assessPlatform(
  scope: AssessmentScope,
  graph: ImageGraph,
  { platform, digest }: ImagePlatform,
  keep: (text: string) => void,
): Promise<Omit<PlatformAssessment, "platform">> {
  const { registry, scanner, policy, compared } = scope
  const reference = { ...graph.reference, digest }
  const scan = { scope, named: { digest, platform }, keep }
  const unnamed: Problem[] =
    platform === unknownPlatform || platform === unknownEntry
      ? [{ code: "PLATFORM_UNKNOWN", message: `nothing says which platform ${digest} is for` }]
      : []
  const { required } = policy.evidence
  const unread: Problem[] = []
  const [found, attestations, created] = await Promise.all([
    scope.method === "image"
      ? scanned({ ...scan, run: () => scanner.scanImage(reference, platform) })
      : viaSbom(scan, reference, graph),
    required.length === 0
      ? undefined
      : orUnread(unread, "a required attestation", () => findAttestations(scope, reference, graph.manifest, required)),
    compared ? orUnread(unread, "the image's config", () => platformCreated(registry, reference)) : undefined,
  ])
  return {
    digest,
    ...found,
    ...(attestations === undefined ? {} : { attestations }),
    ...(created === undefined ? {} : { created }),
    problems: [...unnamed, ...found.problems, ...unread],
  }
}

type PlatformScan = {
  readonly scope: AssessmentScope
  readonly named: { readonly platform: string; readonly digest: Digest }
  readonly keep: (text: string) => void
}

async function viaSbom(platform: PlatformScan, reference: PinnedReference, graph: ImageGraph): Promise<Found> {
  const { scope, named } = platform
  const { scanner, policy } = scope
  const { selected, others, problems } = await findSbom(scope, reference, graph)
  const otherSboms = others.length === 0 ? {} : { otherSboms: others }
  if (selected === undefined) return { ...otherSboms, problems }
  const whole = wholeOf(selected)
  const ofParts: Problem[] = []
  const run = async () => {
    const { text, problems: found } = await scanSboms(scanner, selected, named)
    ofParts.push(...found)
    return text
  }
  const scan = scanned({ ...platform, run, sbom: whole })
  const [found, comparison] = await Promise.all([
    scan,
    policy.crossExamination === undefined ? undefined : crossExamine({ scanner, reference, named }, whole.sbom, scan),
  ])
  return {
    ...found,
    ...otherSboms,
    ...(comparison === undefined ? {} : { comparison }),
    sbom: whole.source,
    problems: [...problems, ...ofParts, ...found.problems],
  }
}

type ScanRun = PlatformScan & { readonly run: () => Promise<string>; readonly sbom?: SelectedSbom }

async function scanned({ scope, named, keep, run, sbom }: ScanRun): Promise<Found> {
  try {
    const text = await run()
    const report = parseTrivyReport(text, named)
    keep(text)
    const result = resultOf(scope, report, digestOf(text), sbom)
    const message = "the scanner recognised no package at all: that is not the same as clean"
    const empty: Problem[] = report.recognised > 0 ? [] : [{ code: "NOTHING_RECOGNISED", message }]
    const unknown = sbom === undefined ? imageCoverageProblems(report) : sbomCoverageProblems(sbom.sbom, report)
    return { scan: result, problems: [...empty, ...unknown] }
  } catch (error) {
    const { kind, reason } = readFailure(error)
    // A report is the scanner's content; whatever else went wrong, it was not scanned.
    return { problems: [{ code: kind === "content" ? "REPORT_UNREADABLE" : "SCANNER_FAILED", message: reason }] }
  }
}

function resultOf(
  { compared }: AssessmentScope,
  report: TrivyReport,
  digest: Digest,
  sbom: SelectedSbom | undefined,
): ScanResult {
  const all = [...report.packages, ...report.unmatched]
  const names = () => [...new Set(all.map(({ purl, name }) => purlName(purl, name)))].sort()
  return {
    ...(report.os === undefined ? {} : { os: report.os }),
    packages: report.recognised,
    ...(compared ? { packageNames: names() } : {}),
    findings: report.findings,
    suppressed: report.suppressed,
    unassessed:
      sbom === undefined ? report.unmatched : unassessedPackages(sbom.sbom, report.packages, report.unmatched),
    report: digest,
  }
}
