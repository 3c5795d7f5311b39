import { describe, expect, it } from "vitest"
import { anImage } from "./build-image.js"
import { aReferrer, aStatement } from "./build-referrer.js"

const parse = (bytes: Buffer) => JSON.parse(bytes.toString())

describe("anImage", () => {
  it("is an index over its platforms, with the same digest each time", () => {
    const image = anImage({ platforms: ["linux/amd64", "linux/arm64/v8"] })
    const { manifests } = parse(image.root.bytes)
    expect(manifests[1]).toEqual({
      ...image.platforms[1]?.manifest.descriptor,
      platform: { os: "linux", architecture: "arm64", variant: "v8" },
    })
    expect(anImage({ platforms: ["linux/amd64", "linux/arm64/v8"] }).digest).toBe(image.digest)
  })

  it("is a manifest alone when single", () => {
    const image = anImage({ single: true })
    expect(image.digest).toBe(image.platforms[0]?.manifest.descriptor.digest)
  })

  it("has an SBOM about each platform, or about something else when asked", () => {
    const foreign = `sha256:${"f".repeat(64)}`
    const subjectOf = (image: ReturnType<typeof anImage>) => {
      const [referrer] = image.referrers
      const layer = referrer?.blobs[1]?.bytes ?? Buffer.from("{}")
      return [referrer?.subject?.digest, `sha256:${parse(layer).subject[0].digest.sha256}`]
    }
    const right = anImage({ sbom: "spdx" })
    const platform = right.platforms[0]?.manifest.descriptor.digest
    expect(subjectOf(right)).toEqual([platform, platform])
    expect(subjectOf(anImage({ sbom: "spdx", statementSubject: foreign }))).toEqual([platform, foreign])
  })
})

describe("referrers", () => {
  const subject = anImage().root.descriptor

  it("carry a statement in an envelope when asked", () => {
    const referrer = aStatement(subject, { predicateType: "https://example.com/p", predicate: {}, dsse: true })
    const envelope = parse(referrer.blobs[1]?.bytes ?? Buffer.from("{}"))
    expect(parse(Buffer.from(envelope.payload, "base64")).predicateType).toBe("https://example.com/p")
    expect(parse(referrer.bytes).artifactType).toBe("application/vnd.dsse.envelope.v1+json")
  })

  it("have their type in the config's media type only, as old clients write them", () => {
    const manifest = parse(aReferrer(subject, { configMediaType: "application/vnd.example+json" }).bytes)
    expect([manifest.artifactType, manifest.config.mediaType]).toEqual([undefined, "application/vnd.example+json"])
  })
})
