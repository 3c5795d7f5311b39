// Says on the image and on each platform where it came from: attached before the tag, and only when something came.
import { allEnded } from "../all-ended.js"
import {
  acquisitionAnnotations,
  acquisitionFileName,
  type AttachedDigests,
  buildAcquisitionProvenance,
} from "../evidence/acquisition-provenance.js"
import { signArtifact } from "../evidence/sign-artifact.js"
import { canonicalJson } from "../findings/canonical-json.js"
import type { Attached } from "../image/subjects.js"
import type { Digest } from "../oci/digest.js"
import type { Manifest } from "../oci/manifest.js"
import { mediaTypes } from "../oci/media-types.js"
import { formatPlatform } from "../oci/platform.js"
import type { PinnedReference } from "../oci/reference.js"
import { flattenReferrers } from "../oci/referrers.js"
import { findProvenance } from "./known-provenance.js"
import type { MirrorJob, MirrorOperation } from "./mirror-result.js"

/** An image that came, with what is attached to it; without, when that was not copied. */
export type AcquiredImage = {
  readonly source: PinnedReference
  readonly manifest: Manifest
  readonly attached?: Attached
  /** What the target had attached to it before: the same is not said twice. */
  readonly there?: Attached
}

/** Attaches acquisition provenance to the index and its platforms; returns the referrers' digests, index first. */
export async function attachProvenance(
  { registry, signer, run, now, request }: MirrorOperation & Pick<MirrorJob, "request">,
  { source, manifest, attached, there }: AcquiredImage,
): Promise<readonly Digest[]> {
  const acquisition = {
    source: request.source,
    target: request.target,
    digest: source.digest,
    acquiredAt: now(),
    run,
    ...(attached === undefined ? {} : { referrers: digestsOf(attached) }),
    sourceAuthenticated: request.sourceAuthenticated,
  }
  const platforms = manifest.kind === "index" ? manifest.platforms : []
  const { registry: host, repository } = request.target
  const attach = async (digest: Digest, platform?: string) => {
    const subject = { registry: host, repository, digest }
    const statement = buildAcquisitionProvenance(acquisition, platform === undefined ? undefined : digest)
    const own = { registry, ...(signer === undefined ? {} : { signer }) }
    const known = there === undefined ? undefined : await findProvenance(own, subject, statement, there)
    if (known !== undefined) return known
    const artifact = {
      artifactType: mediaTypes.inToto,
      // The title of existing repositories is on the manifest; oras wants the layer's to differ from it.
      fileName: `statement-${acquisitionFileName(platform)}`,
      mediaType: mediaTypes.inToto,
      content: canonicalJson(statement),
      annotations: acquisitionAnnotations(acquisition, platform),
    }
    return registry.attach(subject, await signArtifact(artifact, signer))
  }
  const unique = new Map(platforms.map(({ descriptor, platform }) => [descriptor.digest, formatPlatform(platform)]))
  return allEnded([attach(source.digest), ...[...unique].map(([digest, platform]) => attach(digest, platform))])
}

function digestsOf({ trees }: Attached): AttachedDigests {
  const listed = trees.map((tree) => {
    const digests = new Set(flattenReferrers(tree).map(({ digest }) => digest))
    return [tree.subject, [...digests].sort()] as const
  })
  return Object.fromEntries(listed.filter(([, digests]) => digests.length > 0))
}
