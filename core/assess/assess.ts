// Assess: every platform of an image by its own digest, and all that is said about the image: signatures, VEX, risk,
// the image it is compared with. Everything that a decision needs is in the assessment, so that it can be replayed.
import { type Assessment, type PlatformAssessment } from "../findings/assessment.js"
import type { Digest } from "../oci/digest.js"
import { pinnedName } from "../oci/reference.js"
import type { Policy } from "../policy/document/policy.js"
import { assessPlatform } from "./assess-platform.js"
import { findProducts } from "./find-products.js"
import { findAttachedVex, readVexFiles } from "./find-vex.js"
import { type ImageGraph, readImage } from "../image/image-graph.js"
import { imageSignature } from "./image-signature.js"
import { readLifecycle } from "../lifecycle/lifecycle.js"
import type { Context } from "../ports.js"
import { readBaseline } from "./read-baseline.js"
import { readRisk } from "./read-risk.js"
import { rememberReads } from "../image/remember.js"
import type { AssessPorts, Look, ScanRequest } from "./scan-request.js"
import { trustOf } from "../trust.js"

/** An assessment with the scanner's raw reports, by platform digest. */
export type Scanned = {
  readonly assessment: Assessment
  readonly reports: ReadonlyMap<Digest, string>
  readonly graph: ImageGraph
}

export async function assess(
  ports: AssessPorts,
  request: ScanRequest,
  policy: Policy,
  context: Context,
): Promise<Scanned> {
  const startedAt = context.now().toISOString()
  const { method, predicateType } = request
  const [registry, trust] = [rememberReads(ports.registry), trustOf(policy, context)]
  const compared = policy.regression !== undefined && (request.baseline !== undefined || request.listPackages === true)
  const look: Look = { registry, scanner: ports.scanner, trust, policy, method, predicateType, compared }
  const [graph, tools, database] = await Promise.all([
    readImage(registry, request.image),
    ports.scanner.tools(),
    ports.scanner.database(),
  ])
  const reports = new Map<Digest, string>()
  const [platforms, said] = await Promise.all([assessPlatforms(look, graph, reports), readSaid(look, graph, request)])
  const base: Assessment = {
    schema: "https://cssc.dev/assessment/v1",
    image: {
      reference: pinnedName(request.image),
      digest: graph.manifest.digest,
      mediaType: graph.manifest.mediaType,
    },
    method,
    ...(method === "sbom" ? { predicateType } : {}),
    platforms,
    database,
    tools,
    ...said,
    startedAt,
    finishedAt: startedAt,
  }
  const [risk, baseline] = await Promise.all([
    readRisk(ports.feeds, policy, base),
    compared
      ? readBaseline(ports.registry, request, policy, base, (other, how) => assess(ports, other, how, context))
      : undefined,
  ])
  const assessment = {
    ...base,
    ...(risk === undefined ? {} : { risk }),
    ...(baseline === undefined ? {} : { baseline }),
    finishedAt: context.now().toISOString(),
  }
  return { assessment, reports, graph }
}

// Entries that share a digest are one manifest: scanned once, told for each platform.
async function assessPlatforms(
  look: Look,
  graph: ImageGraph,
  reports: Map<Digest, string>,
): Promise<PlatformAssessment[]> {
  const scans = new Map<Digest, Promise<Omit<PlatformAssessment, "platform">>>()
  return Promise.all(
    graph.platforms.map(async (platform) => {
      const { digest } = platform
      const scan = scans.get(digest) ?? assessPlatform(look, graph, platform, (text) => reports.set(digest, text))
      scans.set(digest, scan)
      return { ...(await scan), platform: platform.platform }
    }),
  )
}

type Said = Pick<Assessment, "signature" | "lifecycle" | "vex">

async function readSaid(
  { registry, trust, policy }: Look,
  graph: ImageGraph,
  { vex: files = [] }: ScanRequest,
): Promise<Said> {
  const [signature, lifecycle, attached, products] = await Promise.all([
    policy.signatures.image === undefined ? undefined : imageSignature(registry, trust, graph),
    readLifecycle(registry, graph),
    policy.vex.referrers ? findAttachedVex(registry, trust, graph) : { documents: [], problems: [] },
    findProducts(registry, trust, graph),
  ])
  const given = readVexFiles(files, trust)
  const documents = [...given.documents, ...attached.documents]
  const problems = [...given.problems, ...attached.problems]
  return {
    ...(signature === undefined ? {} : { signature }),
    ...(lifecycle === undefined ? {} : { lifecycle }),
    ...(documents.length + problems.length === 0 ? {} : { vex: { documents, problems, products } }),
  }
}
