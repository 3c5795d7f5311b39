// The acquisition provenance that a mirror attaches: read back with the real oras and parsed.
import { describe, expect, it } from "vitest"
import { parseReference } from "../../core/oci/reference.js"
import { anImage } from "../support/build-image.js"
import { pushImage } from "../support/push-image.js"
import { aRepository, kinds, mirrorWorld, nth } from "./mirror-world.js"

const predicateType = "https://toddysm.com/acquisition-provenance/v0.1"

describe.each(kinds)("acquisition provenance on %s", (kind) => {
  const world = mirrorWorld("api", kind)

  async function readBack(repository: string, digest: string) {
    const client = world.client()
    const at = parseReference(`${world.target.address}/quarantine/${repository}@${digest}`)
    const manifest = JSON.parse((await client.manifest(at)) ?? "{}")
    return { manifest, statement: JSON.parse((await client.blob(at, manifest.layers[0])).toString()) }
  }

  it("says of the index and of each platform where they came from", async () => {
    const repository = aRepository()
    const image = anImage({ platforms: ["linux/amd64", "linux/arm/v7"], sbom: "cyclonedx" })
    await pushImage(world.source.url, repository, "1", image)
    const { provenance } = await world.mirror(repository, { provenance: true, sourceAuthenticated: true })
    const subjects = [image.root, ...image.platforms.map(({ manifest }) => manifest)].map((one) => one.descriptor)
    expect(provenance).toHaveLength(3)
    const [source, target] = [
      `${world.source.address}/${repository}`,
      `${world.target.address}/quarantine/${repository}`,
    ]
    for (const [index, subject] of subjects.entries()) {
      const { manifest, statement } = await readBack(repository, nth(provenance, index))
      expect(manifest).toMatchObject({
        artifactType: "application/vnd.in-toto+json",
        subject: { digest: subject.digest },
        annotations: {
          "in-toto.io/predicate-type": predicateType,
          "com.toddysm.acquisition.source": `${source}:1`,
          "com.toddysm.acquisition.source-digest": image.digest,
          "com.toddysm.acquisition.timestamp": "2026-01-02T03:04:05Z",
          "com.toddysm.acquisition.run-url": "https://ci.example/runs/7",
        },
      })
      expect(statement).toMatchObject({
        predicateType,
        subject: [{ name: target, digest: { sha256: subject.digest.replace("sha256:", "") } }],
        predicate: {
          source: { reference: `${source}:1`, tag: "1", digest: image.digest },
          destination: { reference: `${target}:1`, digest: image.digest },
          actor: "robot",
          copyReferrers: true,
          sourceAuthenticated: true,
          ...(index === 0 ? {} : { platformSourceDigest: subject.digest }),
        },
      })
    }
  })

  it("is attached before the tag, and only when something was copied", async () => {
    const repository = aRepository()
    await pushImage(world.source.url, repository, "1", anImage())
    await world.target.fault({ status: 500, match: { method: "PUT", pathRegex: "/manifests/1$" } })
    await expect(world.mirror(repository, { provenance: true })).rejects.toThrow(/^\[REGISTRY_UNAVAILABLE\] tag /)
    await world.target.clearFaults()
    expect(await world.at(repository, "1")).toBeUndefined()
    const statements = (await world.target.requests()).filter(
      ({ method, path }) => method === "PUT" && path.includes(`${repository}/manifests/sha256:`),
    )
    expect(statements.length).toBeGreaterThanOrEqual(4)
    expect((await world.mirror(repository, { provenance: true })).provenance).toHaveLength(2)
    expect((await world.mirror(repository, { provenance: true })).provenance).toEqual([])
  })

  it("does not claim referrers that were not copied", async () => {
    const repository = aRepository()
    await pushImage(world.source.url, repository, "1", anImage({ sbom: "cyclonedx" }))
    const { provenance } = await world.mirror(repository, { provenance: true, referrers: false })
    const { statement } = await readBack(repository, nth(provenance, 0))
    expect(statement.predicate.copyReferrers).toBe(false)
  })
})
