// Mirror: one image from a registry into quarantine, with everything attached to it, under its own digest. What is
// there already is left alone; what is there only in part is completed; the tag comes last.
import { CsscError } from "../errors.js"
import { notThere, readManifest } from "../image/read-manifest.js"
import { acquire } from "./mirror-acquire.js"
import { refresh } from "./mirror-refresh.js"
import { emptyMirrorResult, type MirrorRequest, type MirrorResult, type MirrorSides } from "./mirror-result.js"
import { readSides } from "./mirror-sides.js"
import { mirrorSubset } from "./mirror-subset.js"
import type { Context, Registry } from "../ports.js"
import { countRequests } from "./request-count.js"

export async function mirror(registry: Registry, request: MirrorRequest, context: Context): Promise<MirrorResult> {
  checkMirrorRequest(request)
  const sides = await readSides(registry, request)
  if (sides === undefined) throw notThere(request.source)
  const result = await mirrorSides(registry, request, sides, context)
  return { ...result, requests: countRequests(registry.exchanges, request.source, request.target) }
}

async function mirrorSides(
  registry: Registry,
  request: MirrorRequest,
  sides: MirrorSides,
  context: Context,
): Promise<MirrorResult> {
  if (request.platforms.length > 0) return mirrorSubset(registry, request, sides)
  const equal = sides.targetDigest === sides.source.digest
  if (equal && !request.force && !request.referrers) return emptyMirrorResult(request, sides)
  // The same bytes are on both sides then: reading them at the target spares the source's pull limit.
  const manifest = await readManifest(registry, equal ? { ...sides.target, digest: sides.source.digest } : sides.source)
  if (equal && !request.force) return refresh(registry, request, sides, manifest, context)
  return acquire(registry, request, sides, manifest, context)
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
