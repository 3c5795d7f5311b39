// Whether a runtime could run what a manifest holds, whatever it is called. A type of its own makes no artifact: containerd
// chooses by the platform of the entry and unpacks by the types of the layers, Docker takes configs of these types.
// https://github.com/containerd/containerd/blob/v2.3.3/core/images/image.go (Manifest), mediatypes.go (IsLayerType) and
// https://github.com/moby/moby/blob/v28.5.2/distribution/registry.go (ImageTypes)
import type { ImageManifest } from "../oci/manifest.js"
import { isImageConfigMediaType, isImageLayerMediaType } from "../oci/media-types.js"

const takenForImages: ReadonlySet<string> = new Set(["application/octet-stream", "application/json", "text/html"])

/** False only for what no runtime takes for an image. */
export function mayRun({ config, layers }: Pick<ImageManifest, "config" | "layers">): boolean {
  if (config === undefined) return false
  const { mediaType } = config
  return (
    isImageConfigMediaType(mediaType) ||
    takenForImages.has(mediaType.toLowerCase()) ||
    layers.some((layer) => isImageLayerMediaType(layer.mediaType))
  )
}
