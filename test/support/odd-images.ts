// Images that build-image.ts does not make: BuildKit's attestations in the index, entries that repeat or name no
// platform, and SBOMs of one's own.
import { anImage, type ImageOptions, type TestImage } from "./build-image.js"
import { manifestOf, type TestDescriptor, type TestManifest, testMediaTypes } from "./build-manifest.js"
import { aReferrer, aStatement } from "./build-referrer.js"
import type { TestPredicate } from "./build-sbom.js"

type Entry = TestDescriptor & { readonly platform?: object; readonly annotations?: Readonly<Record<string, string>> }

export const cyclonedxType = "https://cyclonedx.org/bom"

/** The platform's descriptor, to attach to. */
export function platformOf(image: TestImage, position = 0): TestDescriptor {
  const found = image.platforms[position]
  if (found === undefined) throw new Error(`the image has no platform ${position}`)
  return found.manifest.descriptor
}

/** An image with one given SBOM on its first platform. */
export function withSbom(predicate: unknown, predicateType = cyclonedxType, options: ImageOptions = {}): TestImage {
  const image = anImage(options)
  return { ...image, referrers: [...image.referrers, aStatement(platformOf(image), { predicateType, predicate })] }
}

/** An image whose index is written anew from its entries. */
export function withEntries(image: TestImage, entriesOf: (entries: readonly Entry[]) => readonly Entry[]): TestImage {
  const { manifests } = JSON.parse(image.root.bytes.toString()) as { manifests: Entry[] }
  const content = { schemaVersion: 2, mediaType: testMediaTypes.index, manifests: entriesOf(manifests) }
  const root = manifestOf(testMediaTypes.index, content)
  return { ...image, root, digest: root.descriptor.digest }
}

/** As BuildKit does it: the attestation is an entry of the index, for a platform that no runtime picks. */
export function withBuildkitSbom(options: ImageOptions, sbom: TestPredicate): TestImage {
  const image = anImage(options)
  const about = platformOf(image)
  const attestation = buildkitAttestation(about, sbom)
  const marked = { "vnd.docker.reference.type": "attestation-manifest", "vnd.docker.reference.digest": about.digest }
  const entry = { ...attestation.descriptor, annotations: marked, platform: { os: "unknown", architecture: "unknown" } }
  const platforms = [...image.platforms, { platform: "unknown/unknown", manifest: attestation }]
  return { ...withEntries(image, (entries) => [...entries, entry]), platforms }
}

function buildkitAttestation(about: TestDescriptor, sbom: TestPredicate): TestManifest {
  const { bytes: manifest, blobs } = aStatement(about, sbom)
  const [, statement] = blobs
  const { layers } = JSON.parse(manifest.toString()) as { layers: { annotations: Readonly<Record<string, string>> }[] }
  const config = {
    mediaType: testMediaTypes.inToto,
    content: statement?.bytes ?? "",
    annotations: layers[0]?.annotations ?? {},
  }
  const { bytes, blobs: all } = aReferrer(about, { configMediaType: testMediaTypes.config, layers: [config] })
  const { subject: _subject, ...content } = JSON.parse(bytes.toString()) as Record<string, unknown>
  return manifestOf(testMediaTypes.manifest, content, all)
}

/** An index that Go's runtimes pull the vulnerable platform of, and that says it is an attestation of the clean one. */
export function twoPlatformsInOne(): TestImage {
  const image = anImage({ platforms: ["linux/amd64", "linux/arm64"], sbom: "cyclonedx", packages: ["pkg:npm/a@1.0.0"] })
  const clean = platformOf(image, 0).digest
  const platform = { os: "unknown", architecture: "unknown" }
  const Platform = { os: "linux", architecture: "amd64" }
  const marks = { "vnd.docker.reference.type": "attestation-manifest", "vnd.docker.reference.digest": clean }
  return withEntries(image, ([first, second]) =>
    first && second ? [{ ...second, annotations: marks, platform, Platform } as typeof second, first] : [],
  )
}
