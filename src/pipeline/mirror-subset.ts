// Some of an image's platforms. The index is rewritten, so this is a new image with a new digest: what signs or
// describes the old index is not carried over; what belongs to the platforms is.
import { CsscError } from "../errors.js"
import { formatPlatform, matchPlatform, parsePlatform } from "../oci/platform.js"
import { formatReference } from "../oci/reference.js"
import { emptyMirrorResult, type MirrorRequest, type MirrorResult, type MirrorSides } from "./mirror-result.js"
import { readManifest } from "./image-graph.js"
import type { Registry } from "./ports.js"

export async function mirrorSubset(
  registry: Registry,
  request: MirrorRequest,
  sides: MirrorSides,
): Promise<MirrorResult> {
  const { tag } = request.target
  if (tag === undefined)
    throw new CsscError(
      "ARGUMENT_INVALID",
      "a subset of platforms needs a tag at the target: its digest is not known before",
    )
  const manifest = await readManifest(registry, sides.source)
  if (manifest.kind === "image")
    throw new CsscError(
      "ARGUMENT_INVALID",
      `${formatReference(sides.source)} is a single image: it has no platforms to choose from`,
    )
  const wanted = request.platforms.map((text) => ({ text, platform: parsePlatform(text) }))
  const missing = wanted.filter(
    ({ platform }) => !manifest.platforms.some((one) => matchPlatform(platform, one.platform)),
  )
  if (missing.length > 0) {
    const has = manifest.platforms.map(({ platform }) => formatPlatform(platform)).join(", ")
    throw new CsscError(
      "ARGUMENT_INVALID",
      `${formatReference(sides.source)} has no ${missing.map(({ text }) => text).join(", ")}: it has ${has}`,
    )
  }
  const kept = manifest.platforms.filter((one) => wanted.some(({ platform }) => matchPlatform(platform, one.platform)))
  const base = emptyMirrorResult(request, sides)
  if (request.dryRun)
    return {
      ...base,
      plan: kept.map(({ descriptor, platform }) => `copy ${formatPlatform(platform)} ${descriptor.digest}`),
    }
  await Promise.all(
    kept.map(({ descriptor }) =>
      registry.copy({
        source: { ...sides.source, digest: descriptor.digest },
        target: sides.target,
        referrers: request.referrers,
      }),
    ),
  )
  await registry.copyPlatforms(
    sides.source,
    sides.target,
    tag,
    kept.map(({ platform }) => formatPlatform(platform)),
  )
  const digest = await registry.resolve(request.target)
  if (digest === undefined)
    throw new CsscError("PARITY_FAILED", `${formatReference(request.target)} is not there after the copy: run it again`)
  return { ...base, copied: digest !== sides.targetDigest, digest }
}
