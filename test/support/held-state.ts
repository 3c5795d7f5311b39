// What a registry holds of an image, told so that two runs can be compared: everything but times and what has one.
import { type Digest } from "../../core/oci/digest.js"
import { childDigests, parseManifest } from "../../core/oci/manifest.js"
import { annotationKeys } from "../../core/oci/media-types.js"
import { parseReference, type Repository } from "../../core/oci/reference.js"
import { flattenReferrers } from "../../core/oci/referrers.js"
import { newRegistry } from "./promotion.js"
import type { TestRegistry } from "./registry.js"

export type Held = {
  readonly tag: Digest | undefined
  /** Of the image and each platform: what is attached, by type and, where it stays the same, by digest. */
  readonly attached: readonly string[]
  /** Manifests and blobs that are named, and not there. */
  readonly missing: readonly string[]
}

const timed: ReadonlySet<string> = new Set(["application/vnd.in-toto+json"])

/** The state under a tag; or under a digest, for what was not tagged yet. */
export async function heldState(at: TestRegistry, name: string): Promise<Held> {
  const registry = newRegistry()
  const reference = parseReference(`${at.address}/${name}`)
  const tag = await registry.resolve(reference)
  if (tag === undefined) return { tag, attached: [], missing: [] }
  const repository: Repository = { registry: reference.registry, repository: reference.repository }
  const missing: string[] = []
  const subjects: Digest[] = []
  const walk = async (digest: Digest): Promise<void> => {
    const text = await registry.manifest({ ...repository, digest })
    if (text === undefined) return void missing.push(digest)
    const manifest = parseManifest(text, { reference: digest, digest })
    const children = [...childDigests(manifest)]
    if (manifest.kind === "index") {
      subjects.push(digest)
      for (const child of children) await walk(child)
      return
    }
    if (manifest.isImage) subjects.push(digest)
    for (const child of children) if (!(await registry.hasBlob(repository, child))) missing.push(child)
  }
  await walk(tag)
  const attached: string[] = []
  for (const digest of subjects) {
    const tree = await registry.referrers({ ...repository, digest })
    for (const one of tree === undefined ? [] : flattenReferrers(tree)) {
      await walk(one.digest)
      const predicate = one.annotations[annotationKeys.predicateType] ?? ""
      const own = timed.has(one.artifactType) && predicate !== "" && !predicate.includes("cyclonedx")
      attached.push(
        `${one.subject.slice(7, 15)} ${one.artifactType} ${predicate} ${own ? "" : one.digest.slice(7, 15)}`,
      )
    }
  }
  return { tag, attached: attached.sort(), missing }
}
