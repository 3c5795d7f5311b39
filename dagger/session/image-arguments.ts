// Images, targets and what goes with them, as texts of a call: checked before anything is read.
import type { MirrorRequest } from "../../core/acquire/mirror-result.js"
import { resolvePredicateType } from "../../core/attestation/predicate-types.js"
import { CsscError } from "../../core/errors.js"
import { parsePlatform } from "../../core/oci/platform.js"
import { parseReference, type Reference } from "../../core/oci/reference.js"

/** A mirror as it was asked for. */
export type MirrorArguments = Omit<MirrorRequest, "source" | "target" | "sourceAuthenticated"> & {
  readonly source: string
  readonly target: string
}

/** Images are named by tag or digest: "latest" is never meant by silence. */
export function namedReference(text: string): Reference {
  const reference = parseReference(text)
  if (reference.tag !== undefined || reference.digest !== undefined) return reference
  throw new CsscError(
    "REFERENCE_INVALID",
    `"${reference.registry}/${reference.repository}" has neither a tag nor a digest: say which image is meant`,
  )
}

/** A repository, or a repository with a tag. */
export function targetReference(text: string): Reference {
  const target = parseReference(text)
  if (target.digest === undefined) return target
  throw new CsscError(
    "REFERENCE_INVALID",
    `"${text}" names a digest, but a target is a repository, or a repository with a tag`,
  )
}

/** A target without a tag takes the source's. */
export function targetOf(target: Reference, source: Reference): Reference {
  return target.tag !== undefined || source.tag === undefined ? target : { ...target, tag: source.tag }
}

/** Like `targetOf`, for what must have a tag in the end. */
export function promotionTarget(target: Reference, image: Reference): Reference {
  const tagged = targetOf(target, image)
  if (tagged.tag !== undefined) return tagged
  throw new CsscError(
    "REFERENCE_INVALID",
    `the image was named by digest alone, so the target "${target.registry}/${target.repository}" needs a tag`,
  )
}

/** The SBOM's predicate type; "" when none is named: CycloneDX, or SPDX where that is not there. */
export function sbomType(text: string): string {
  return resolvePredicateType(text)
}

/** Platform names, each checked. */
export function platformNames(platforms: readonly string[]): readonly string[] {
  for (const platform of platforms) parsePlatform(platform)
  return platforms
}
