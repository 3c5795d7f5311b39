// Where an image came from, when, and by which run: in the shape that existing repositories carry, so that their
// readers keep working. Digests survive the copy, so the source's digest is the target's.
import { predicateTypes } from "../attestation/predicate-types.js"
import type { Digest } from "../oci/digest.js"
import { annotationKeys } from "../oci/media-types.js"
import { type Reference, repositoryName } from "../oci/reference.js"
import { buildStatement, type BuiltStatement, formatTime } from "./build-statement.js"
import type { Annotations } from "./scan-annotations.js"

/** The run of a CI system; empty texts where there is none. */
export type RunIdentity = {
  readonly url: string
  readonly id: string
  readonly attempt: string
  readonly actor: string
  readonly workflow: string
}

export type Acquisition = {
  readonly source: Reference
  readonly target: Reference
  readonly digest: Digest
  readonly acquiredAt: Date
  readonly run: RunIdentity
  /** What came along, by subject; left out when nothing that is attached was copied. */
  readonly referrers?: AttachedDigests
  readonly sourceAuthenticated: boolean
}

/** By a manifest's digest, the digests of all that is attached to it, and to that; sorted. */
export type AttachedDigests = Readonly<Record<Digest, readonly Digest[]>>

export type AcquisitionPredicate = {
  readonly source: {
    readonly reference: string
    readonly registry: string
    readonly repository: string
    readonly tag: string
    readonly digest: Digest
  }
  readonly destination: { readonly reference: string; readonly digest: Digest }
  readonly acquiredAt: string
  readonly runUrl: string
  readonly actor: string
  readonly workflow: { readonly name: string; readonly runId: string; readonly runAttempt: string }
  readonly copyMethod: "oras" | "crane"
  readonly copyReferrers: boolean
  /** The image's attachments when it came, so that one that is gone later can be missed; not known to older readers. */
  readonly referrers?: AttachedDigests
  readonly sourceAuthenticated: boolean
  /** Only on a platform's statement: the platform's digest at the source. */
  readonly platformSourceDigest?: Digest
}

/** The statement of the image as a whole, or of one platform when its digest is given. */
export function buildAcquisitionProvenance(acquisition: Acquisition, platformDigest?: Digest) {
  const { source, target, digest, run, referrers } = acquisition
  const predicate: AcquisitionPredicate = {
    source: {
      reference: taggedName(source),
      registry: source.registry,
      repository: source.repository,
      tag: source.tag ?? "",
      digest,
    },
    destination: { reference: taggedName(target), digest },
    acquiredAt: formatTime(acquisition.acquiredAt),
    runUrl: run.url,
    actor: run.actor,
    workflow: { name: run.workflow, runId: run.id, runAttempt: run.attempt },
    copyMethod: referrers === undefined ? "crane" : "oras",
    copyReferrers: referrers !== undefined,
    ...(referrers === undefined ? {} : { referrers }),
    sourceAuthenticated: acquisition.sourceAuthenticated,
    ...(platformDigest === undefined ? {} : { platformSourceDigest: platformDigest }),
  }
  const subject = { subjectName: repositoryName(target), subjectDigest: platformDigest ?? digest }
  const statement: BuiltStatement<AcquisitionPredicate> = buildStatement(
    subject,
    predicateTypes.acquisitionProvenance,
    predicate,
  )
  return statement
}

/** The annotations of its manifest; the same on the image and on each platform but for the title. */
export function acquisitionAnnotations(acquisition: Acquisition, platform?: string): Annotations {
  return {
    [annotationKeys.predicateType]: predicateTypes.acquisitionProvenance,
    [annotationKeys.title]: acquisitionFileName(platform),
    "com.toddysm.acquisition.source": taggedName(acquisition.source),
    "com.toddysm.acquisition.source-digest": acquisition.digest,
    "com.toddysm.acquisition.timestamp": formatTime(acquisition.acquiredAt),
    "com.toddysm.acquisition.run-url": acquisition.run.url,
  }
}

/** `acquisition-provenance.json`, or `acquisition-provenance-linux-arm-v7.json` of a platform. */
export function acquisitionFileName(platform?: string): string {
  return platform === undefined
    ? "acquisition-provenance.json"
    : `acquisition-provenance-${platform.replace(/[^A-Za-z0-9_.]+/g, "-")}.json`
}

// A source that was named by digest alone has no tag to tell.
function taggedName(reference: Reference): string {
  const { tag, digest } = reference
  const suffix = tag !== undefined ? `:${tag}` : digest === undefined ? "" : `@${digest}`
  return `${repositoryName(reference)}${suffix}`
}
