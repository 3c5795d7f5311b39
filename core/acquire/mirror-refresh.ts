// The same digest on both sides: only what is attached may have changed, or the target may hold only a part of it.
import type { Manifest } from "../oci/manifest.js"
import { copyImage } from "./copy-image.js"
import { copyDigestTags, listDigestTags } from "./digest-tags.js"
import { emptyMirrorResult, type MirrorRequest, type MirrorResult, type MirrorSides } from "./mirror-result.js"
import { listSource, listTarget, listCopied } from "./mirror-sides.js"
import { compareAttached, requireParity } from "./parity.js"
import type { Context, Registry } from "../ports.js"
import { recordHistory } from "./record-history.js"

export async function refresh(
  registry: Registry,
  request: MirrorRequest,
  sides: MirrorSides,
  manifest: Manifest,
  context: Context,
): Promise<MirrorResult> {
  const [attached, present, tags] = await Promise.all([
    listSource(registry, sides, manifest),
    listTarget(registry, sides, manifest),
    listDigestTags(() => registry.tags(sides.source), manifest),
  ])
  const parity = compareAttached(attached, present)
  const base = { ...emptyMirrorResult(request, sides), referrers: parity, lying: attached.lying }
  const lacking = [...present.absent, ...parity.missing.map(({ digest }) => digest)]
  if (request.dryRun) return { ...base, plan: lacking.map((digest) => `copy ${digest}`) }
  const digestTags = await copyDigestTags(registry, tags, sides.source, sides.target)
  if (lacking.length === 0) return { ...base, digestTags, copied: digestTags.length > 0 }
  const { source, target } = sides
  const referrers = attached.lying.length === 0
  const completed = await copyImage(registry, { source, target, manifest, referrers, present: true })
  const after = await listCopied(registry, sides, manifest, attached)
  const referrersNow = compareAttached(attached, after)
  requireParity(referrersNow, after.absent, source, target)
  // What was attached is a part of what the history knows: else the image would be acquired again once it is gone.
  if (request.history) await recordHistory(registry, request, source, attached, context)
  const repaired = [...new Set([...present.absent, ...completed])]
  return { ...base, copied: true, repaired, digestTags, referrers: referrersNow }
}
