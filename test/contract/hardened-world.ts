// Docker Hardened Images as they are published: bare statements on the platform, and on each of them, and on the index,
// a simple signature that is a referrer. cosign makes the signatures, by a key that stands in for the vendor's.
import { afterAll, beforeAll } from "vitest"
import { attachProvenance } from "../../core/acquire/acquisition.js"
import { pin } from "../../core/image/image-graph.js"
import { readManifest } from "../../core/image/read-manifest.js"
import { parseReference, type Reference } from "../../core/oci/reference.js"
import type { TestKey } from "../core/attestation/build-signed.js"
import { fixture } from "../core/oci/fixture.js"
import { Cosign, timeToBuildCosign } from "../cosign/run-cosign.js"
import { statementOf } from "../support/build-attestation.js"
import { anImage, type TestImage } from "../support/build-image.js"
import {
  blobOf,
  manifestOf,
  type TestDescriptor,
  type TestManifest,
  testMediaTypes,
} from "../support/build-manifest.js"
import { cyclonedxOf, type TestPredicate } from "../support/build-sbom.js"
import { lodash, openVex } from "../support/build-vex.js"
import { platformOf } from "../support/odd-images.js"
import { newRegistry } from "../support/promotion.js"
import { attachReferrer, pushImage } from "../support/push-image.js"
import type { RegistryKind } from "../support/registry.js"
import { unseen } from "../support/unseen.js"
import { aRepository, type MirrorChange, mirrorWorld } from "./mirror-world.js"
import { acme as vendor, ours, signing, stranger } from "./vex-world.js"

export const dhiFixture = (path: string) => JSON.parse(fixture(`dhi/${path}`).toString()) as Record<string, never>
const recorded = dhiFixture(
  "bun-attestation-manifests/sha256-7e87da3b5cfb7e77966ff5737a0c5549791d4b392ee4db9791b6553ff55fcaea.json",
)

/** VEX by the vendor on the one HIGH finding; by default under the name that the vendor gives the image. */
export function vendorVex(product = "pkg:docker/dhi/alpine-base"): TestPredicate {
  return openVex(product, { author: "Docker Hardened Images <dhi@docker.com>" })
}

/** The recorded manifest of an attestation, with another statement about another platform. */
export function anAttestation({ mediaType, digest, size }: TestDescriptor, said: TestPredicate): TestManifest {
  const statement = blobOf(testMediaTypes.inToto, statementOf(said, digest))
  const annotations = { "in-toto.io/predicate-type": said.predicateType }
  const layers = [{ ...statement.descriptor, annotations }]
  const content = { ...recorded, annotations, layers, subject: { mediaType, digest, size } }
  return manifestOf(testMediaTypes.manifest, content, [blobOf(testMediaTypes.empty, "{}"), statement])
}

export type HardenedOptions = {
  readonly vex?: readonly TestPredicate[]
  /** Who signs; nobody when it is there and undefined. */
  readonly key?: TestKey | undefined
  /** Where our provenance says that it came from. */
  readonly upstream?: string
  readonly change?: MirrorChange
}

export type Hardened = {
  readonly quarantine: Reference
  readonly image: TestImage
  readonly attestations: readonly TestManifest[]
}

export function hardenedWorld(kind: RegistryKind) {
  const world = mirrorWorld("api", kind)
  const cosign = new Cosign("pass phrase")
  const cosignKeys = new Map<TestKey, string>()
  beforeAll(async () => {
    for (const key of [vendor, stranger]) cosignKeys.set(key, (await cosign.importKeyPair(key.pem)).privateKey)
  }, timeToBuildCosign)
  afterAll(() => cosign.remove())

  /** Signed upstream, mirrored, and said by us to come from `upstream`. */
  async function mirrored(given: HardenedOptions = {}): Promise<Hardened> {
    const { vex = [vendorVex()], upstream = "dhi.io/alpine-base:3.22", change = {} } = given
    const key = "key" in given ? given.key : vendor
    const repository = aRepository()
    const image = anImage({ layers: [repository] })
    await pushImage(world.source.url, repository, "1", image)
    const said = [cyclonedxOf([lodash, "pkg:dhi/python@3.14.3"]), ...vex]
    const attestations = said.map((one) => anAttestation(platformOf(image), one))
    for (const one of attestations) await attachReferrer(world.source.url, repository, one)
    for (const digest of [image.digest, ...attestations.map(({ descriptor }) => descriptor.digest)])
      if (key !== undefined) await sign(`${world.source.address}/${repository}@${digest}`, key)
    await world.mirror(repository, change)
    const quarantine = parseReference(`${world.target.address}/quarantine/${repository}:1`)
    await tellSource(quarantine, parseReference(upstream))
    return { quarantine, image, attestations }
  }
  const sign = (name: string, key: TestKey) =>
    cosign.sign(name, cosignKeys.get(key) ?? "", "simple signing as a referrer")
  return { cosign, mirrored }
}

/** What our mirror attaches, about a source that no test can reach. */
async function tellSource(target: Reference, source: Reference): Promise<void> {
  const registry = newRegistry()
  const image = await pin(registry, target)
  const how = { history: false, provenance: true, platforms: [], newDigest: false, force: false, dryRun: false }
  const request = { source, target, referrers: true, sourceAuthenticated: true, ...how }
  await attachProvenance(
    { registry, request, step: unseen, ...signing(ours) },
    { source: image, manifest: await readManifest(registry, image), attached: { trees: [], absent: [], lying: [] } },
  )
}
