// Mirror: one image from a registry into quarantine, with everything attached to it, under its own digest. What is
// there already is left alone; what is there only in part is completed; the tag comes last.
import { CsscError } from "../errors.js"
import { missingImage } from "../image/missing-image.js"
import { readManifest } from "../image/read-manifest.js"
import { calledName, pinnedName } from "../oci/reference.js"
import { acquire } from "./mirror-acquire.js"
import { refresh } from "./mirror-refresh.js"
import {
  emptyMirrorResult,
  type MirrorJob,
  type MirrorOperation,
  type MirrorRequest,
  type MirrorResult,
} from "./mirror-result.js"
import { readSides } from "./mirror-sides.js"
import { mirrorSubset } from "./mirror-subset.js"
import { oneAtATime } from "./one-at-a-time.js"
import { countRequests } from "./request-count.js"

export async function mirror(operation: MirrorOperation, request: MirrorRequest): Promise<MirrorResult> {
  const result = await acquireImage(operation, request)
  return { ...result, requests: countRequests(operation.registry.exchanges, request.source, request.target) }
}

/** One of many: the requests of a call that mirrors many are counted once, for all. */
export async function acquireImage(operation: MirrorOperation, request: MirrorRequest): Promise<MirrorResult> {
  checkMirrorRequest(request)
  const name = `mirror ${calledName(request.source)} to ${calledName(request.target)}`
  return operation.step(
    name,
    () => mirrorImage(operation, request),
    (result) => `${name}: ${outcomeOf(result)}`,
  )
}

async function mirrorImage(operation: MirrorOperation, request: MirrorRequest): Promise<MirrorResult> {
  const { registry } = operation
  const sides = await readSides(registry, request)
  if (sides === undefined) throw await missingImage(registry, request.source)
  // Tags of one digest are one image at the target: brought over by the first, and found there by the others.
  const image = pinnedName({ ...sides.target, digest: sides.source.digest })
  return oneAtATime(`mirror ${image}`, () => mirrorSides({ ...operation, request, sides }))
}

function outcomeOf({ copied, digest, plan, retired, history }: MirrorResult): string {
  if (retired !== undefined) return `stays away, ${retired}`
  if (plan.length > 0) return `would copy ${digest}`
  if (copied) return `copied ${digest}`
  return history === "known" ? `acquired before, not again: ${digest}` : `unchanged ${digest}`
}

async function mirrorSides(job: MirrorJob): Promise<MirrorResult> {
  const { registry, request, sides } = job
  if (request.platforms.length > 0) return mirrorSubset(job)
  const equal = sides.targetDigest === sides.source.digest
  if (equal && !request.force && !request.referrers) return emptyMirrorResult(job)
  // The same bytes are on both sides then: reading them at the target spares the source's pull limit.
  const manifest = await readManifest(registry, equal ? { ...sides.target, digest: sides.source.digest } : sides.source)
  if (equal && !request.force) return refresh(job, manifest)
  return acquire(job, manifest)
}

/** Refuses requests that cannot be meant; every problem at once. */
export function checkMirrorRequest({ target, platforms, newDigest }: MirrorRequest): void {
  const subset = platforms.length > 0
  const problems = [
    ...(target.digest === undefined
      ? []
      : ["the target names a digest: it keeps the source's, so give a repository or a tag"]),
    ...(subset && !newDigest
      ? [
          "a subset of platforms is another image with another digest, which no signature of the publisher covers: say newDigest if that is meant",
        ]
      : []),
    ...(subset && target.tag === undefined ? ["a subset of platforms needs a tag at the target"] : []),
    ...(newDigest && !subset ? ["newDigest goes with platforms"] : []),
  ]
  if (problems.length > 0) throw new CsscError("ARGUMENT_INVALID", problems.join("; "))
}
