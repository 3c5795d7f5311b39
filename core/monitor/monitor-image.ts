// One golden image judged again where it is: by its stored SBOM and today's database, as `gate` does it, and then compared
// with what was last said of it. Its proof is renewed or taken back as `attest` does it.
import type { VexFile } from "../assess/find-vex.js"
import { CsscError, isNotFound, readFailure } from "../errors.js"
import { gate } from "../gate/gate.js"
import type { GateResult } from "../gate/gate-result.js"
import { overrideIn } from "../gate/signed-verdict.js"
import { rememberReads } from "../image/remember.js"
import { pinnedName, type PinnedReference } from "../oci/reference.js"
import type { Operation } from "../operation.js"
import type { Verdict } from "../policy/verdict/verdict.js"
import { attest } from "../promote/attest.js"
import type { PruneRequest } from "../promote/pruned.js"
import { compareSnapshots } from "./compare-snapshots.js"
import type { EarlierImage } from "./earlier.js"
import { type LastVerdict, lastVerdict } from "./last-verdict.js"
import type { Before, MonitoredImage, ProofOutcome } from "./monitoring.js"
import { type Snapshot, snapshotOf } from "./snapshot.js"

export type ImageRequest = {
  readonly image: PinnedReference
  readonly tags: readonly string[]
  readonly predicateType: string
  readonly vex?: readonly VexFile[]
  readonly renew: boolean
  readonly earlier?: EarlierImage
} & Pick<PruneRequest, "deletionWay">

export type MonitorOperation = Omit<Operation, "progress">

/** Throws what the registry or scanner does not give: nothing is known then. */
export async function monitorImage(operation: MonitorOperation, request: ImageRequest): Promise<MonitoredImage> {
  try {
    return await monitorOnce(operation, request)
  } catch (error) {
    // What a newer proof replaced may go between its listing and its reading: once more, by a new listing.
    if (!isNotFound(error)) throw error
    return monitorOnce(operation, request)
  }
}

async function monitorOnce(operation: MonitorOperation, request: ImageRequest): Promise<MonitoredImage> {
  const { image, tags, earlier } = request
  const registry = rememberReads(operation.registry)
  const last = await lastVerdict({ registry, trust: operation.trust }, image)
  requireSbomMethod(last, image)
  const gated = await gate({ ...operation, registry }, { ...judgedAs(last, request), image, method: "sbom" })
  const now = snapshotOf(gated.verdict)
  const before = newerOf(last, earlier)
  const { changed, ...compared } = compareSnapshots(before?.snapshot, now, earlier?.sights)
  const proof = request.renew ? { proof: await proofOf(operation, gated, last, request) } : {}
  const { findings: _all, ...decided } = now
  return {
    state: before === undefined ? "first" : changed ? "changed" : "unchanged",
    digest: image.digest,
    tags,
    ...decided,
    because: becauseOf(gated.verdict),
    ...(before === undefined ? {} : { before: before.told }),
    ...(last.kind === "missing" ? { note: last.reason } : {}),
    ...compared,
    ...proof,
  }
}

// By its file system it was judged with its layers, which are not fetched here; and by its SBOM other things are found.
function requireSbomMethod(last: LastVerdict, image: PinnedReference): void {
  if (last.kind !== "found" || last.verdict.method === "sbom") return
  throw new CsscError(
    "VERDICT_UNTRUSTED",
    `${pinnedName(image)} was judged by its file system, which takes its layers: judge it again by gate with --method image`,
  )
}

// As we judged it, since we signed that: by the same type of SBOM, and with what somebody answers for.
function judgedAs(last: LastVerdict, { predicateType, vex }: ImageRequest) {
  const verdict = last.kind === "found" ? last.verdict : undefined
  const override = verdict === undefined ? undefined : overrideIn(verdict)
  return {
    predicateType: verdict?.predicateType ?? predicateType,
    ...(override === undefined ? {} : { override }),
    ...(vex === undefined ? {} : { vex }),
  }
}

function newerOf(
  last: LastVerdict,
  earlier: EarlierImage | undefined,
): { readonly snapshot: Snapshot; readonly told: Before } | undefined {
  const stored = last.kind === "found" ? snapshotOf(last.verdict) : undefined
  const known = earlier?.snapshot
  if (last.kind === "found" && stored !== undefined && !isAfter(known, stored)) {
    const { outcome, evaluatedAt } = stored
    return { snapshot: stored, told: { outcome, evaluatedAt, from: "verdict", referrer: last.referrer } }
  }
  if (known === undefined) return undefined
  const { outcome, evaluatedAt } = known
  return { snapshot: known, told: { outcome, evaluatedAt, from: "earlier" } }
}

function isAfter(one: Snapshot | undefined, other: Snapshot): boolean {
  return one !== undefined && Date.parse(one.evaluatedAt) > Date.parse(other.evaluatedAt)
}

// Whoever can push into the repository could else have a proof made for what nobody promoted.
async function proofOf(
  operation: MonitorOperation,
  gated: GateResult,
  last: LastVerdict,
  { deletionWay }: Pick<ImageRequest, "deletionWay">,
): Promise<ProofOutcome> {
  if (last.kind === "none")
    return { state: "left", reason: "no summary of ours is there, so there is no proof to renew: promote it" }
  try {
    const { attached } = await attest(operation, gated, { deletionWay })
    const { passed } = gated.verdict
    if (attached.every(({ existing }) => existing))
      return { state: "left", reason: passed ? "it is young enough" : "it was taken back before" }
    return { state: passed ? "renewed" : "taken-back", attached }
  } catch (error) {
    return { state: "failed", reason: readFailure(error).reason }
  }
}

/** One sentence for each code: what somebody has to do something about. */
function becauseOf({ reasons }: Verdict): readonly string[] {
  const first = new Map<string, string>()
  for (const { code, effect, message } of reasons) if (effect === "block" && !first.has(code)) first.set(code, message)
  return [...first.values()]
}
