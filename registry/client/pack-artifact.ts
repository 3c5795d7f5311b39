// Our documents as OCI 1.1 artifacts.
// https://github.com/opencontainers/image-spec/blob/v1.1.1/manifest.md#guidelines-for-artifact-usage
import type { Artifact } from "../../core/evidence/artifact.js"
import { digestOf } from "../../core/oci/digest.js"
import { annotationKeys, mediaTypes } from "../../core/oci/media-types.js"
import type { Descriptor } from "./registry-reader.js"

export type Packed = { readonly manifest: string; readonly blobs: readonly Buffer[]; readonly isEmptyConfig: boolean }

export const emptyConfig = Buffer.from("{}")

/** The manifest of an artifact and the blobs that it needs; `created` is told unless the artifact says it. */
export function packArtifact(artifact: Artifact, created: Date, subject?: Descriptor): Packed {
  const { fileName, mediaType, config, artifactType, annotations, layerAnnotations = {} } = artifact
  const content = Buffer.from(artifact.content)
  const configBytes = config === undefined ? emptyConfig : Buffer.from(config.content)
  const manifest = {
    schemaVersion: 2,
    mediaType: mediaTypes.ociManifest,
    artifactType,
    config: {
      ...describe(config?.mediaType ?? mediaTypes.ociEmpty, configBytes),
      ...(config === undefined ? { data: configBytes.toString("base64") } : {}),
    },
    layers: [
      { ...describe(mediaType, content), annotations: { [annotationKeys.title]: fileName, ...layerAnnotations } },
    ],
    ...(subject === undefined ? {} : { subject }),
    annotations: { [annotationKeys.created]: created.toISOString(), ...annotations },
  }
  return {
    manifest: JSON.stringify(manifest),
    blobs: config === undefined ? [content] : [configBytes, content],
    isEmptyConfig: config === undefined,
  }
}

function describe(mediaType: string, content: Buffer): Descriptor {
  return { mediaType, digest: digestOf(content), size: content.length }
}
