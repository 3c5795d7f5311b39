// What can go wrong: an image makes a listing look like a registry's lie, and hides by it what is attached.
import { describe, expect, it } from "vitest"
import { isLying } from "../../../core/image/subjects.js"
import { digestOf } from "../../../core/oci/digest.js"
import { parseManifest } from "../../../core/oci/manifest.js"

const index = "application/vnd.oci.image.index.v1+json"
const platform = { mediaType: "application/vnd.oci.image.manifest.v1+json", digest: digestOf("platform"), size: 8 }

function anIndex(subject?: object) {
  const entry = { ...platform, platform: { os: "linux", architecture: "amd64" } }
  const content = {
    schemaVersion: 2,
    mediaType: index,
    manifests: [entry],
    ...(subject === undefined ? {} : { subject }),
  }
  return parseManifest(JSON.stringify(content), { reference: "a.example/b" })
}

function listing(subject: typeof platform.digest, ...digests: (typeof platform.digest)[]) {
  const one = { mediaType: index, size: 8, artifactType: "a/b", annotations: {}, referrers: [] }
  return { subject, referrers: digests.map((digest) => ({ ...one, subject, digest })) }
}

describe("the listing of a platform", () => {
  it("that names its index is a lie, but for an index that says that it is attached there", () => {
    const [plain, attached] = [anIndex(), anIndex(platform)]
    expect(isLying(listing(platform.digest, digestOf("vex"), plain.digest), plain)).toBe(true)
    expect(isLying(listing(platform.digest, digestOf("vex"), attached.digest), attached)).toBe(false)
    expect(isLying(listing(platform.digest, platform.digest), attached)).toBe(true)
    expect(isLying(listing(attached.digest, platform.digest), attached)).toBe(true)
  })
})
