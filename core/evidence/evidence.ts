// A statement with its subject, ready to be attached.
import type { Digest } from "../oci/digest.js"
import { annotationKeys, mediaTypes } from "../oci/media-types.js"
import type { Artifact } from "./artifact.js"

/** One document with its subject; several may have the same subject. */
export type Evidence = {
  readonly subject: Digest
  readonly predicateType: string
  /** The bare statement; signing puts it into another envelope. */
  readonly artifact: Artifact
}

export function artifactOf(fileName: string, content: string, annotations: Readonly<Record<string, string>>): Artifact {
  const predicateType = annotations[annotationKeys.predicateType] ?? ""
  return {
    artifactType: mediaTypes.inToto,
    fileName,
    mediaType: mediaTypes.inToto,
    content,
    annotations,
    layerAnnotations: { [annotationKeys.predicateType]: predicateType },
  }
}
