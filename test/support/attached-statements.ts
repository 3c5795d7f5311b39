// What is attached in a registry, read the long way round: the listing, the manifest, the statement inside.
import { unwrap } from "../../core/attestation/unwrap.js"
import { readImage } from "../../core/image/image-graph.js"
import { readManifest } from "../../core/image/read-manifest.js"
import { listAttached } from "../../core/image/subjects.js"
import type { PinnedReference } from "../../core/oci/reference.js"
import { flattenReferrers } from "../../core/oci/referrers.js"
import { newRegistry } from "./promotion.js"

export type AttachedStatement = {
  readonly subject: string
  readonly digest: string
  readonly artifactType: string
  readonly annotations: Readonly<Record<string, string>>
  readonly predicateType: string
  /** What the statement itself is about. */
  readonly about: readonly string[]
  readonly predicate: Readonly<Record<string, unknown>>
}

/** Every statement on an image and its platforms; what is no statement has an empty predicate type. */
export async function attachedStatements(reference: PinnedReference): Promise<readonly AttachedStatement[]> {
  const registry = newRegistry()
  const { manifest } = await readImage(registry, reference)
  const { trees } = await listAttached(registry, reference, manifest)
  return Promise.all(
    trees.flatMap(flattenReferrers).map(async ({ subject, digest, artifactType }) => {
      const read = await readManifest(registry, { ...reference, digest })
      const [layer] = read.kind === "image" ? read.layers : []
      const { statement, document } = layer === undefined ? {} : unwrap(await registry.blob(reference, layer))
      return {
        subject,
        digest,
        artifactType,
        annotations: read.annotations,
        predicateType: statement?.predicateType ?? "",
        about: (statement?.subject ?? []).map((one) => `sha256:${one.digest["sha256"] ?? ""}`),
        predicate: (document ?? {}) as Readonly<Record<string, unknown>>,
      }
    }),
  )
}
