// Writes an image as an OCI image layout (https://github.com/opencontainers/image-spec/blob/v1.1.1/image-layout.md).
// Layers stay uncompressed: they only ever travel over the loopback. The same input gives the same digest.
import { createHash } from "node:crypto"
import { createReadStream, linkSync, mkdirSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { pipeline } from "node:stream/promises"
import { run } from "../../scripts/process.mjs"

const mediaTypes = {
  config: "application/vnd.oci.image.config.v1+json",
  index: "application/vnd.oci.image.index.v1+json",
  layer: "application/vnd.oci.image.layer.v1.tar",
  manifest: "application/vnd.oci.image.manifest.v1+json",
}

/** Packs a folder as a layer, without what differs from one build to the next. */
export function packLayer(root, file) {
  const options = ["--sort=name", "--mtime=@0", "--numeric-owner", "--owner=0", "--group=0"]
  return run("tar", ["-C", root, ...options, "-cf", file, "."])
}

/**
 * Writes the image into an empty folder on the same file system as its layers, and returns the manifest's digest.
 *
 * @param layers paths of tar files
 * @param config what a container of the image runs with: `Env`, `Entrypoint` …
 */
export async function writeLayout(folder, layers, config) {
  const blobs = join(folder, "blobs/sha256")
  mkdirSync(blobs, { recursive: true })
  const descriptors = []
  for (const file of layers) descriptors.push(await addFile(blobs, file))
  const rootfs = { type: "layers", diff_ids: descriptors.map((layer) => layer.digest) }
  const configDescriptor = addJson(blobs, mediaTypes.config, { architecture: "amd64", os: "linux", config, rootfs })
  const manifest = addJson(blobs, mediaTypes.manifest, {
    schemaVersion: 2,
    mediaType: mediaTypes.manifest,
    config: configDescriptor,
    layers: descriptors,
  })
  writeFileSync(join(folder, "oci-layout"), JSON.stringify({ imageLayoutVersion: "1.0.0" }))
  const index = { schemaVersion: 2, mediaType: mediaTypes.index, manifests: [manifest] }
  writeFileSync(join(folder, "index.json"), JSON.stringify(index))
  return manifest.digest
}

async function addFile(blobs, file) {
  const hash = createHash("sha256")
  await pipeline(createReadStream(file), hash)
  const hex = hash.digest("hex")
  linkSync(file, join(blobs, hex))
  return { mediaType: mediaTypes.layer, digest: `sha256:${hex}`, size: statSync(file).size }
}

function addJson(blobs, mediaType, content) {
  const bytes = Buffer.from(JSON.stringify(content))
  const hex = createHash("sha256").update(bytes).digest("hex")
  writeFileSync(join(blobs, hex), bytes)
  return { mediaType, digest: `sha256:${hex}`, size: bytes.length }
}
