// Signing changes the envelope of what we attach, never the statement in it: with a key, statements travel as Sigstore
// bundles, as cosign 3 expects them. https://github.com/sigstore/cosign/blob/main/specs/BUNDLE_SPEC.md
import type { Signer } from "../attestation/signer.js"
import { annotationKeys, mediaTypes } from "../oci/media-types.js"
import type { Artifact } from "./artifact.js"

/** The artifact of a statement, signed when there is a signer. */
export async function signArtifact(artifact: Artifact, signer: Signer | undefined): Promise<Artifact> {
  if (signer === undefined || artifact.mediaType !== mediaTypes.inToto) return artifact
  const predicateType = artifact.annotations[annotationKeys.predicateType] ?? ""
  return {
    ...artifact,
    artifactType: mediaTypes.sigstoreBundle,
    mediaType: mediaTypes.sigstoreBundle,
    fileName: artifact.fileName.replace(/(\.json)?$/, ".sigstore.json"),
    content: await signer.sign(artifact.content),
    annotations: {
      ...artifact.annotations,
      [annotationKeys.bundleContent]: "dsse-envelope",
      [annotationKeys.bundlePredicateType]: predicateType,
    },
  }
}
