// Manifests in memory, for contract tests that need odd ones: their bytes, and the blobs that have to be there first.
import { createHash } from "node:crypto"

export type TestDescriptor = { readonly mediaType: string; readonly digest: string; readonly size: number }
export type TestBlob = { readonly descriptor: TestDescriptor; readonly bytes: Buffer }
/** A manifest or index with what has to be in the repository before it. */
export type TestManifest = TestBlob & {
  readonly blobs: readonly TestBlob[]
  readonly subject: TestDescriptor | undefined
}

export const testMediaTypes = {
  config: "application/vnd.oci.image.config.v1+json",
  dsse: "application/vnd.dsse.envelope.v1+json",
  empty: "application/vnd.oci.empty.v1+json",
  index: "application/vnd.oci.image.index.v1+json",
  inToto: "application/vnd.in-toto+json",
  layer: "application/vnd.oci.image.layer.v1.tar+gzip",
  manifest: "application/vnd.oci.image.manifest.v1+json",
}

export function digestOf(bytes: Buffer | string): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`
}

export function blobOf(mediaType: string, content: Buffer | string): TestBlob {
  const bytes = Buffer.from(content)
  return { bytes, descriptor: { mediaType, digest: digestOf(bytes), size: bytes.length } }
}

/** Any JSON document as a manifest: also one that no registry should accept. */
export function manifestOf(mediaType: string, content: object, blobs: readonly TestBlob[] = []): TestManifest {
  const { subject } = content as { subject?: TestDescriptor }
  return { ...blobOf(mediaType, JSON.stringify(content)), blobs, subject }
}
