// The end of an image's life, written: as an artifact on the image and, if asked, on each of its platforms, once each.
import { allEnded } from "../all-ended.js"
import { CsscError } from "../errors.js"
import type { Artifact } from "../evidence/artifact.js"
import { canonicalJson } from "../findings/canonical-json.js"
import { readImage } from "../image/image-graph.js"
import type { Digest } from "../oci/digest.js"
import { annotationKeys, mediaTypes } from "../oci/media-types.js"
import { bare, pinnedName, type PinnedReference } from "../oci/reference.js"
import type { Operation } from "../operation.js"
import { expiryOf } from "../policy/document/expiry.js"
import type { Registry } from "../ports.js"
import { readLifecycles } from "./lifecycle.js"

/** `endOfLife` is YYYY-MM-DD or RFC 3339; `successor` is a reference. */
export type EndOfLife = { readonly endOfLife: string; readonly reason?: string; readonly successor?: string }

export type LifecycleResult = {
  readonly schema: "https://cssc.dev/lifecycle/v1"
  readonly image: string
  readonly digest: Digest
  readonly endOfLife: string
  /** One artifact per subject; `existing` was there already. */
  readonly attached: readonly { readonly subject: Digest; readonly digest: Digest; readonly existing: boolean }[]
}

const maxTextLength = 1000

export type LifecycleRequest = {
  readonly image: PinnedReference
  readonly end: EndOfLife
  /** Tell it of each platform too. */
  readonly platforms: boolean
}

/** Attaches the end of life; what says the same already is not attached again. */
export async function writeLifecycle(
  { registry }: Pick<Operation, "registry">,
  { image, end, platforms }: LifecycleRequest,
): Promise<LifecycleResult> {
  checkEnd(end)
  const graph = await readImage(registry, image)
  const subjects = new Set([image.digest, ...(platforms ? graph.platforms.map(({ digest }) => digest) : [])])
  const attached = await allEnded([...subjects].map((subject) => attachOnce(registry, image, subject, end)))
  return {
    schema: "https://cssc.dev/lifecycle/v1",
    image: pinnedName(image),
    digest: image.digest,
    endOfLife: end.endOfLife,
    attached,
  }
}

/** The artifact that tells an end of life; `more` are annotations beside it. */
export function lifecycleArtifact(end: EndOfLife, more: Readonly<Record<string, string>> = {}): Artifact {
  const { endOfLife, reason, successor } = end
  return {
    artifactType: mediaTypes.lifecycle,
    fileName: "lifecycle.json",
    mediaType: "application/json",
    content: canonicalJson({ ...end, ...more }),
    annotations: {
      [annotationKeys.endOfLife]: endOfLife,
      ...(reason === undefined ? {} : { [annotationKeys.lifecycleReason]: reason }),
      ...(successor === undefined ? {} : { [annotationKeys.lifecycleSuccessor]: successor }),
      ...more,
    },
  }
}

/** A reason on one line, as annotations and tables need it. */
export function checkReason(reason: string): string {
  const text = reason.trim()
  if (text === "") throw invalid("the reason is empty: say why, for those who look for the image later")
  if (text.length > maxTextLength) throw invalid(`the reason is longer than ${maxTextLength} characters`)
  if (/[\p{Cc}\u2028\u2029]/u.test(text)) throw invalid("the reason must be one line without control characters")
  return text
}

/** Refuses an end that cannot be meant. */
export function checkEnd({ endOfLife, reason }: EndOfLife): void {
  if (reason !== undefined) checkReason(reason)
  if (expiryOf(endOfLife) !== undefined) return
  throw invalid(
    `the end of life ${JSON.stringify(endOfLife.slice(0, 60))} is not a date: expected YYYY-MM-DD or RFC 3339`,
  )
}

async function attachOnce(registry: Registry, image: PinnedReference, subject: Digest, end: EndOfLife) {
  const reference = { ...bare(image), digest: subject }
  const tree = await registry.referrers(reference)
  const there = tree === undefined ? [] : await readLifecycles(registry, image, tree)
  const same = there.find(
    ({ endOfLife, reason, successor }) =>
      endOfLife === end.endOfLife && reason === end.reason && successor === end.successor,
  )
  if (same !== undefined) return { subject, digest: same.referrer, existing: true }
  return { subject, digest: await registry.attach(reference, lifecycleArtifact(end)), existing: false }
}

function invalid(reason: string): CsscError {
  return new CsscError("ARGUMENT_INVALID", reason)
}
