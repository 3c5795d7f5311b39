// Verify: the consumer's side. An image may be deployed when a key that the consumer trusts says, about this digest and
// this repository, not long ago, that it passed. Everything is read from the registry, nothing is taken from a cache.
import { findSummaries, type FoundSummary } from "../attach/find-summaries.js"
import { ownTrust, trustsNobody } from "../attestation/trust-store.js"
import { CsscError, isNotFound } from "../errors.js"
import { listReferrers } from "../image/attached-documents.js"
import { readImage } from "../image/image-graph.js"
import { rememberReads } from "../image/remember.js"
import { readLifecycle } from "../lifecycle/lifecycle.js"
import { describeTombstone, findTombstone } from "../lifecycle/tombstone.js"
import type { Digest } from "../oci/digest.js"
import { parseManifest } from "../oci/manifest.js"
import { pinnedName, type PinnedReference, repositoryName } from "../oci/reference.js"
import type { Operation } from "../operation.js"
import { formatDuration } from "../policy/document/duration.js"
import { maxClockSkew } from "../policy/judge/clock-skew.js"
import { endOfLifeMessage } from "../policy/rules/lifecycle-rule.js"
import type { Registry } from "../ports.js"
import { type Ending, endingsOf } from "./endings.js"
import { readVerdictOf, verdictProblems } from "./verified-verdict.js"

export type VerificationRequest = {
  /** The index, a single image, or one platform of an index. */
  readonly image: PinnedReference
  /** The repository that the summary must name; by default the image's own. */
  readonly resource?: string
  /** How old the verdict may be, in milliseconds. */
  readonly maxAge: number
  /** The policy that must have been used, if the consumer insists. */
  readonly policyDigest?: Digest
}

export type Verification = {
  readonly schema: "https://cssc.dev/verification/v1"
  readonly image: string
  readonly digest: Digest
  readonly resource: string
  readonly verified: boolean
  /** Every reason why not. */
  readonly problems: readonly string[]
  /** The summary that decided, and its verdict. */
  readonly summary?: {
    readonly referrer: Digest
    readonly key: string
    readonly timeVerified: string
    readonly result: "PASSED" | "FAILED"
    readonly policy?: Digest
    readonly verdict?: Digest
    /** What its verdict rests on that ends by itself: exceptions and overrides that were used, soonest first. */
    readonly ends?: readonly Ending[]
  }
  /** Every judgement that a trusted key signed for this digest and repository, newest first. */
  readonly judged: readonly { readonly timeVerified: string; readonly result: "PASSED" | "FAILED" }[]
  readonly checkedAt: string
}

/** An image that is not proven is a result with every problem, not an error; a registry that fails is one. */
export async function verify(operation: VerifyOperation, request: VerificationRequest): Promise<Verification> {
  try {
    return await verifyOnce(operation, request)
  } catch (error) {
    // What a newer proof replaced may go between its listing and its reading: once more, by a new listing.
    if (!isNotFound(error)) throw error
    return verifyOnce(operation, request)
  }
}

type VerifyOperation = Pick<Operation, "registry" | "trust" | "now">

async function verifyOnce(operation: VerifyOperation, request: VerificationRequest): Promise<Verification> {
  const { image } = request
  const now = operation.now()
  const registry = rememberReads(operation.registry)
  const own = { registry, trust: ownTrust(operation.trust) }
  const resource = request.resource ?? repositoryName(image)
  const base = {
    schema: "https://cssc.dev/verification/v1",
    image: pinnedName(image),
    digest: image.digest,
    resource,
    checkedAt: now.toISOString(),
  } as const
  if (trustsNobody(own.trust))
    throw new CsscError(
      "ARGUMENT_INVALID",
      "no key is trusted: pass the public key of the gate by with-trusted-key, or its identity by with-trusted-identity",
    )
  const graph = await readImage(registry, image)
  const tree = await listReferrers(registry, image, graph.manifest)
  const { found, problems } = await findSummaries(own, image, tree?.referrers ?? [], resource)
  const [newest] = found
  const judged = found.map(({ summary: { timeVerified, verificationResult: result } }) => ({ timeVerified, result }))
  const ended = [endOfLifeMessage(await readLifecycle(registry, graph), now)].filter((message) => message !== undefined)
  if (newest === undefined)
    return { ...base, verified: false, problems: [...missing(image, resource, problems), ...ended], judged }
  const verdict = await readVerdictOf(own, image, newest)
  const all = [
    ...summaryProblems(newest, request, now),
    ...("problem" in verdict ? [verdict.problem] : verdictProblems(verdict.verdict, image.digest, newest, now)),
    ...("problem" in verdict ? [] : await endOfIndex(registry, image, verdict.verdict.image.digest, now)),
    ...ended,
  ]
  return { ...base, verified: all.length === 0, problems: all, summary: decidedBy(newest, verdict), judged }
}

// Tombstone and end of life are on the index alone: one of its platforms is as dead.
async function endOfIndex(
  registry: Pick<Registry, "manifest" | "referrers">,
  image: PinnedReference,
  index: Digest,
  now: Date,
): Promise<string[]> {
  if (index === image.digest) return []
  const reference = { ...image, digest: index }
  const [tombstone, bytes] = await Promise.all([findTombstone(registry, image, index), registry.manifest(reference)])
  const manifest =
    bytes === undefined ? undefined : parseManifest(bytes, { reference: pinnedName(reference), digest: index })
  const life = manifest === undefined ? undefined : await readLifecycle(registry, { reference, manifest })
  const ended = endOfLifeMessage(life, now)
  return [
    ...(tombstone === undefined ? [] : [`its index ${index} was ${describeTombstone(tombstone)}`]),
    ...(ended === undefined ? [] : [`of its index ${index}: ${ended}`]),
  ]
}

function missing(image: PinnedReference, resource: string, problems: readonly string[]): string[] {
  const what = `no verification summary by a trusted key says that ${image.digest} may be used as ${resource}`
  return problems.length === 0 ? [`${what}: none is attached`] : [what, ...problems]
}

// The newest one decides: what failed after it passed must not be deployed any more.
function summaryProblems({ summary }: FoundSummary, request: VerificationRequest, now: Date): string[] {
  const { timeVerified, verificationResult, verifiedLevels, policy } = summary
  const age = now.getTime() - Date.parse(timeVerified)
  const digest = policy.digest["sha256"]
  const wanted = request.policyDigest
  return [
    ...(verificationResult === "PASSED" ? [] : [`its newest verification of ${timeVerified} FAILED`]),
    ...(verifiedLevels.includes("CSSC_GATE_PASSED") ? [] : ["its newest verification does not say CSSC_GATE_PASSED"]),
    ...(age >= -maxClockSkew ? [] : [`it was verified at ${timeVerified}, which is in the future`]),
    ...(age <= request.maxAge
      ? []
      : [`it was verified at ${timeVerified}, longer ago than ${formatDuration(request.maxAge)}: gate it again`]),
    ...(wanted === undefined || wanted === `sha256:${digest}`
      ? []
      : [`it was judged by policy sha256:${digest ?? "none"}, expected ${wanted}`]),
  ]
}

function decidedBy(
  { referrer, key, summary }: FoundSummary,
  verdict: Awaited<ReturnType<typeof readVerdictOf>>,
): NonNullable<Verification["summary"]> {
  const policy = summary.policy.digest["sha256"]
  return {
    referrer,
    key,
    timeVerified: summary.timeVerified,
    result: summary.verificationResult,
    ...(policy === undefined ? {} : { policy: `sha256:${policy}` as Digest }),
    ...("problem" in verdict ? {} : { verdict: verdict.referrer, ends: endingsOf(verdict.verdict) }),
  }
}
