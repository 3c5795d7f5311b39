// The names under which somebody may speak of an image. A mirror has another name than the image that the author of a
// VEX document knows; that it is the same one is proven by acquisition provenance that we signed.
import { imageDigests, type ImageGraph } from "../image/image-graph.js"
import { canonicalRegistry, repositoryName } from "../oci/reference.js"
import type { ProductName } from "../vex/vex-document.js"
import type { SignedAcquisition } from "./acquisitions.js"

/** The image's own name first, then where we acquired it from. */
export function findProducts(graph: ImageGraph, acquisitions: readonly SignedAcquisition[]): readonly ProductName[] {
  const { reference } = graph
  const digests = imageDigests(graph)
  const tag = reference.tag === undefined ? {} : { tag: reference.tag }
  const own: ProductName = { repository: repositoryName(reference), digests, ...tag, by: "image" }
  const whole = acquisitions.filter(({ subject }) => subject === reference.digest)
  return [own, ...whole.map(({ source }) => ({ ...upstreamOf(source), digests, by: "provenance" as const }))]
}

function upstreamOf({
  registry,
  repository,
  tag,
}: SignedAcquisition["source"]): Pick<ProductName, "repository" | "tag"> {
  return { repository: `${canonicalRegistry(registry)}/${repository}`, ...(tag ? { tag } : {}) }
}
