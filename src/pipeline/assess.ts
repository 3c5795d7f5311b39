// Assess: every platform of an image by its own digest, through its file system or its SBOM. What cannot be scanned is
// a problem with a name; whether it blocks is the policy's business.
import {
  type Assessment,
  type PlatformAssessment,
  type Problem,
  type ScanMethod,
  type ScanResult,
} from "../findings/assessment.js"
import { parseTrivyReport, type TrivyReport } from "../findings/trivy-report.js"
import { CsscError } from "../errors.js"
import { type Digest, digestOf } from "../oci/digest.js"
import { pinnedName, type PinnedReference } from "../oci/reference.js"
import { unassessedPackages } from "../sbom/coverage.js"
import { sbomCoverageProblems } from "../sbom/os-coverage.js"
import type { SelectedSbom } from "../sbom/select-sbom.js"
import { findAttestations } from "./find-attestations.js"
import { findSbom } from "./find-sbom.js"
import { type ImageGraph, type ImagePlatform, readImage, unknownPlatform } from "./image-graph.js"
import type { Context, Registry, Scanner } from "./ports.js"

export type ScanRequest = {
  readonly image: PinnedReference
  readonly method: ScanMethod
  readonly predicateType: string
  /** Attestations that the policy wants to see on each platform. */
  readonly required: readonly string[]
}

/** An assessment with the scanner's raw reports, by platform digest. */
export type Scanned = {
  readonly assessment: Assessment
  readonly reports: ReadonlyMap<Digest, string>
  readonly graph: ImageGraph
}

type Ports = { readonly registry: Registry; readonly scanner: Scanner }

export async function assess(ports: Ports, request: ScanRequest, context: Context): Promise<Scanned> {
  const startedAt = context.now().toISOString()
  const [graph, tools, database] = await Promise.all([
    readImage(ports.registry, request.image),
    ports.scanner.tools(),
    ports.scanner.database(),
  ])
  const reports = new Map<Digest, string>()
  // Entries that share a digest are one manifest: scanned once, told for each platform.
  const scans = new Map<Digest, Promise<Omit<PlatformAssessment, "platform">>>()
  const platforms = graph.platforms.map(async (platform) => {
    const scan = scans.get(platform.digest) ?? assessPlatform(ports, request, graph, platform, reports)
    scans.set(platform.digest, scan)
    return { ...(await scan), platform: platform.platform }
  })
  const image = {
    reference: pinnedName(request.image),
    digest: graph.manifest.digest,
    mediaType: graph.manifest.mediaType,
  }
  const assessment: Assessment = {
    schema: "https://cssc.dev/assessment/v1",
    image,
    method: request.method,
    ...(request.method === "sbom" ? { predicateType: request.predicateType } : {}),
    platforms: await Promise.all(platforms),
    database,
    tools,
    startedAt,
    finishedAt: context.now().toISOString(),
  }
  return { assessment, reports, graph }
}

async function assessPlatform(
  ports: Ports,
  request: ScanRequest,
  graph: ImageGraph,
  { platform, digest }: ImagePlatform,
  reports: Map<Digest, string>,
) {
  const reference = { ...graph.reference, digest }
  const named = { digest, platform }
  const unnamed: Problem[] =
    platform === unknownPlatform
      ? [{ code: "PLATFORM_UNKNOWN", message: `nothing says which platform ${digest} is for` }]
      : []
  const attestations =
    request.required.length === 0
      ? {}
      : { attestations: await findAttestations(ports.registry, reference, request.required) }
  const keep = (text: string) => reports.set(digest, text)
  const found =
    request.method === "image"
      ? await viaImage(ports.scanner, reference, named, keep)
      : await viaSbom(ports, reference, graph, request, named, keep)
  return { digest, ...found, ...attestations, problems: [...unnamed, ...found.problems] }
}

type Named = { readonly platform: string; readonly digest: Digest }
type Found = Pick<PlatformAssessment, "sbom" | "scan" | "problems">

async function viaImage(
  scanner: Scanner,
  reference: PinnedReference,
  named: Named,
  keep: (text: string) => void,
): Promise<Found> {
  return scanned(named, () => scanner.scanImage(reference, named.platform), keep)
}

async function viaSbom(
  { registry, scanner }: Ports,
  reference: PinnedReference,
  graph: ImageGraph,
  { predicateType }: ScanRequest,
  named: Named,
  keep: (text: string) => void,
): Promise<Found> {
  const { selected, problems } = await findSbom(registry, reference, graph.manifest, predicateType)
  if (selected === undefined) return { problems }
  const found = await scanned(named, () => scanner.scanSbom(JSON.stringify(selected.document)), keep, selected)
  return { ...found, sbom: selected.source, problems: [...problems, ...found.problems] }
}

async function scanned(
  named: Named,
  scan: () => Promise<string>,
  keep: (text: string) => void,
  sbom?: SelectedSbom,
): Promise<Found> {
  try {
    const text = await scan()
    const report = parseTrivyReport(text, named)
    keep(text)
    const result = resultOf(report, digestOf(text), sbom)
    const empty: Problem[] =
      report.recognised > 0
        ? []
        : [
            {
              code: "NOTHING_RECOGNISED",
              message: "the scanner recognised no package at all: that is not the same as clean",
            },
          ]
    return { scan: result, problems: [...empty, ...sbomCoverageProblems(sbom?.sbom, report)] }
  } catch (error) {
    if (!(error instanceof CsscError) || (error.code !== "SCANNER_FAILED" && error.code !== "REPORT_INVALID"))
      throw error
    return {
      problems: [
        { code: error.code === "REPORT_INVALID" ? "REPORT_UNREADABLE" : "SCANNER_FAILED", message: error.reason },
      ],
    }
  }
}

function resultOf(report: TrivyReport, digest: Digest, sbom: SelectedSbom | undefined): ScanResult {
  return {
    ...(report.os === undefined ? {} : { os: report.os }),
    packages: report.recognised,
    findings: report.findings,
    suppressed: report.suppressed,
    unassessed: sbom === undefined ? [] : unassessedPackages(sbom.sbom, report.packages),
    report: digest,
  }
}
