// Assess: every platform of an image by its own digest, and all that is said about the image: signatures, VEX, risk,
// the image it is compared with. Everything that a decision needs is in the assessment, so that it can be replayed.
import { type Assessment, type PlatformAssessment, type Problem } from "../findings/assessment.js"
import { type ImageGraph, readImage } from "../image/image-graph.js"
import { rememberReads } from "../image/remember.js"
import { requireOwnSubjects } from "../image/require-own-subjects.js"
import { readLifecycle } from "../lifecycle/lifecycle.js"
import type { Digest } from "../oci/digest.js"
import { calledName, pinnedName } from "../oci/reference.js"
import { readAcquisitions } from "./acquisitions.js"
import { assessPlatform } from "./assess-platform.js"
import { findProducts } from "./find-products.js"
import { findAttachedVex, type FoundVex, readVexFiles } from "./find-vex.js"
import { imageSignature } from "./image-signature.js"
import { findMissingReferrers } from "./missing-referrers.js"
import { orUnread } from "./or-unread.js"
import { readBaseline } from "./read-baseline.js"
import { readRisk } from "./read-risk.js"
import type { AssessmentScope, AssessOperation, ScanRequest } from "./scan-request.js"

/** An assessment with the scanner's raw reports, by platform digest. */
export type Scanned = {
  readonly assessment: Assessment
  readonly reports: ReadonlyMap<Digest, string>
  readonly graph: ImageGraph
}

export async function assess(operation: AssessOperation, request: ScanRequest): Promise<Scanned> {
  const { scanner, feeds, policy, trust, now } = operation
  const startedAt = now().toISOString()
  const { method, predicateType } = request
  const registry = rememberReads(operation.registry)
  const compared = policy.regression !== undefined && (request.baseline !== undefined || request.listPackages === true)
  const scope: AssessmentScope = { registry, scanner, trust, policy, method, predicateType, compared }
  const [graph, tools, database] = await Promise.all([
    readImage(registry, request.image),
    scanner.tools(),
    scanner.database(),
  ])
  await requireOwnSubjects(registry, request.image, graph.manifest)
  const reports = new Map<Digest, string>()
  const [platforms, { problems: unread, ...statements }] = await Promise.all([
    assessPlatforms(operation, scope, graph, reports),
    readStatements(scope, graph, request),
  ])
  const base: Assessment = {
    schema: "https://cssc.dev/assessment/v1",
    image: {
      reference: pinnedName(request.image),
      digest: graph.manifest.digest,
      mediaType: graph.manifest.mediaType,
    },
    method,
    ...(method === "sbom" && predicateType !== "" ? { predicateType } : {}),
    platforms,
    database,
    tools,
    ...statements,
    startedAt,
    finishedAt: startedAt,
  }
  const [risk, baseline] = await Promise.all([
    readRisk(feeds, policy, base),
    compared
      ? readBaseline(operation, request, base, (other, how) => assess({ ...operation, policy: how }, other))
      : undefined,
  ])
  const problems = [...unread, ...(baseline?.problems ?? [])]
  const assessment = {
    ...base,
    ...(risk === undefined ? {} : { risk }),
    ...(baseline?.result === undefined ? {} : { baseline: baseline.result }),
    ...(problems.length === 0 ? {} : { problems }),
    finishedAt: now().toISOString(),
  }
  return { assessment, reports, graph }
}

// Entries that share a digest are one manifest: scanned once, told for each platform.
async function assessPlatforms(
  { step }: Pick<AssessOperation, "step">,
  scope: AssessmentScope,
  graph: ImageGraph,
  reports: Map<Digest, string>,
): Promise<PlatformAssessment[]> {
  const scans = new Map<Digest, Promise<Omit<PlatformAssessment, "platform">>>()
  return Promise.all(
    graph.platforms.map(async (platform) => {
      const { digest } = platform
      const scan =
        scans.get(digest) ??
        step(
          `scan ${platform.platform} by ${scope.method}`,
          () => assessPlatform(scope, graph, platform, (text) => reports.set(digest, text)),
          (found) => `${calledName(graph.reference)} ${platform.platform}: ${scanned(found)}`,
        )
      scans.set(digest, scan)
      return { ...(await scan), platform: platform.platform }
    }),
  )
}

function scanned({ scan, problems }: Pick<PlatformAssessment, "scan" | "problems">): string {
  const [problem] = problems
  if (scan === undefined) return problem?.message ?? "not scanned"
  return `${scan.findings.length} findings in ${scan.packages} packages`
}

/** What is said about an image, by itself or by others. */
type ImageStatements = Pick<Assessment, "signature" | "lifecycle" | "vex"> & { readonly problems: readonly Problem[] }

const noVex: FoundVex = { documents: [], problems: [] }

async function readStatements(
  scope: AssessmentScope,
  graph: ImageGraph,
  { vex: files = [] }: ScanRequest,
): Promise<ImageStatements> {
  const { registry, trust, policy } = scope
  const unread: Problem[] = []
  const [signature, lifecycle, attached = noVex, { products, missing }] = await Promise.all([
    policy.signatures.image === undefined
      ? undefined
      : orUnread(unread, "the image's signature", () => imageSignature(scope, graph)),
    orUnread(unread, "the end of the image's life", () => readLifecycle(registry, graph)),
    policy.vex.referrers ? orUnread(unread, "attached VEX", () => findAttachedVex(scope, graph)) : noVex,
    readOrigin(scope, graph, unread),
  ])
  const given = readVexFiles(files, trust)
  const documents = [...given.documents, ...attached.documents]
  const problems = [...given.problems, ...attached.problems]
  return {
    ...(signature === undefined ? {} : { signature }),
    ...(lifecycle === undefined ? {} : { lifecycle }),
    ...(documents.length + problems.length === 0 ? {} : { vex: { documents, problems, products } }),
    problems: [...unread, ...missing],
  }
}

// Where the image came from, and what it came with.
async function readOrigin(scope: AssessmentScope, graph: ImageGraph, unread: Problem[]) {
  const acquisitions = (await orUnread(unread, "acquisition provenance", () => readAcquisitions(scope, graph))) ?? []
  const missing = await orUnread(unread, "what is attached", () => findMissingReferrers(scope, graph, acquisitions))
  return { products: findProducts(graph, acquisitions), missing: missing ?? [] }
}
