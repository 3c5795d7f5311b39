// The same digest on both sides: only what is attached may have changed, or the target may hold only a part of it.
import type { Manifest } from "../oci/manifest.js"
import { attachProvenance } from "./acquisition.js"
import { copyImage } from "./copy-image.js"
import { copyDigestTags, listDigestTags } from "./digest-tags.js"
import { emptyMirrorResult, type MirrorJob, type MirrorResult } from "./mirror-result.js"
import { listCopied, listSource, listTarget } from "./mirror-sides.js"
import { compareAttached, requireParity } from "./parity.js"
import { recordHistory } from "./record-history.js"

export async function refresh(job: MirrorJob, manifest: Manifest): Promise<MirrorResult> {
  const { registry, request, sides } = job
  const [attached, present, tags] = await Promise.all([
    listSource(job, manifest),
    listTarget(job, manifest),
    listDigestTags(() => registry.tags(sides.source), manifest),
  ])
  const parity = compareAttached(attached, present)
  const base = { ...emptyMirrorResult(job), referrers: parity, lying: attached.lying }
  const lacking = [...present.absent, ...parity.missing.map(({ digest }) => digest)]
  if (request.dryRun) return { ...base, plan: lacking.map((digest) => `copy ${digest}`) }
  const digestTags = await copyDigestTags(registry, tags, sides.source, sides.target)
  if (lacking.length === 0) return { ...base, digestTags, copied: digestTags.length > 0 }
  const { source, target } = sides
  const referrers = attached.lying.length === 0
  const completed = await copyImage(registry, { source, target, manifest, referrers, present: true })
  const after = await listCopied(job, manifest, attached)
  const referrersNow = compareAttached(attached, after)
  requireParity(referrersNow, after.absent, source, target)
  // Signed anew, since the gate misses what the newest provenance names; unsigned it would only be one more.
  const isNamed = request.provenance && job.signer !== undefined && parity.missing.length > 0
  const provenance = isNamed ? await attachProvenance(job, { source, manifest, attached }) : []
  // What was attached is a part of what the history knows: else the image would be acquired again once it is gone.
  if (request.history) await recordHistory(job, attached)
  const repaired = [...new Set([...present.absent, ...completed])]
  return { ...base, copied: true, repaired, digestTags, referrers: referrersNow, provenance }
}
