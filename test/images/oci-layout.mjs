// An OCI image layout that grows: https://github.com/opencontainers/image-spec/blob/v1.1.1/image-layout.md
// The same input gives the same digests: fixed times and owners, sorted names, canonical JSON.
import { createHash } from "node:crypto"
import { createReadStream, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { pipeline } from "node:stream/promises"
import { run } from "../../scripts/process.mjs"

export const mediaTypes = {
  config: "application/vnd.oci.image.config.v1+json",
  empty: "application/vnd.oci.empty.v1+json",
  index: "application/vnd.oci.image.index.v1+json",
  layer: "application/vnd.oci.image.layer.v1.tar+gzip",
  manifest: "application/vnd.oci.image.manifest.v1+json",
}

export class OciLayout {
  constructor(folder) {
    this.folder = folder
    this.blobs = join(folder, "blobs/sha256")
    this.entries = []
    mkdirSync(this.blobs, { recursive: true })
    writeFileSync(join(folder, "oci-layout"), JSON.stringify({ imageLayoutVersion: "1.0.0" }))
  }

  /** Packs a folder as a layer; returns its descriptor and diff id. */
  async addLayer(root) {
    const tar = join(this.folder, "layer.tar")
    const same = ["--sort=name", "--mtime=@0", "--numeric-owner", "--owner=0", "--group=0"]
    await run("tar", ["-C", root, ...same, "-cf", tar, "."])
    const diffId = `sha256:${await hashFile(tar)}`
    await run("gzip", ["-n", "-9", "-f", tar])
    const hex = await hashFile(`${tar}.gz`)
    const size = statSync(`${tar}.gz`).size
    renameSync(`${tar}.gz`, join(this.blobs, hex))
    return { diffId, descriptor: { mediaType: mediaTypes.layer, digest: `sha256:${hex}`, size } }
  }

  addJson(mediaType, content) {
    const bytes = Buffer.from(canonical(content))
    const hex = createHash("sha256").update(bytes).digest("hex")
    writeFileSync(join(this.blobs, hex), bytes)
    return { mediaType, digest: `sha256:${hex}`, size: bytes.length }
  }

  /** Names a manifest in index.json: by a tag, or untagged, as referrers are. */
  list(descriptor, tag) {
    const annotations = tag && { "org.opencontainers.image.ref.name": tag }
    this.entries = this.entries.filter((entry) => entry.digest !== descriptor.digest || (tag && entry.annotations))
    this.entries.push({ ...descriptor, ...(annotations && { annotations }) })
    this.writeIndex(this.entries)
  }

  writeIndex(manifests) {
    const index = { schemaVersion: 2, mediaType: mediaTypes.index, manifests }
    writeFileSync(join(this.folder, "index.json"), JSON.stringify(index))
  }

  readJson(digest) {
    return JSON.parse(readFileSync(join(this.blobs, digest.replace("sha256:", "")), "utf8"))
  }
}

/** JSON with sorted keys and without spaces. */
export function canonical(value) {
  return JSON.stringify(value, (_, inner) =>
    inner && typeof inner === "object" && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )
}

async function hashFile(file) {
  const hash = createHash("sha256")
  await pipeline(createReadStream(file), hash)
  return hash.digest("hex")
}
