// Tiny images and indexes in memory, for contract tests that need odd ones; push-image.ts sends them to a registry.
import { gzipSync } from "node:zlib"
import { blobOf, digestOf, manifestOf, type TestManifest, testMediaTypes } from "./build-manifest.js"
import { aStatement } from "./build-referrer.js"
import { cyclonedxOf, spdxOf } from "./build-sbom.js"

export type TestPlatform = { readonly platform: string; readonly manifest: TestManifest }
export type TestImage = {
  readonly digest: string
  readonly root: TestManifest
  readonly platforms: readonly TestPlatform[]
  readonly referrers: readonly TestManifest[]
}

export type ImageOptions = {
  /** `os/architecture[/variant]`. */
  readonly platforms?: readonly string[]
  /** Text of the one file of each layer. */
  readonly layers?: readonly string[]
  readonly sbom?: "cyclonedx" | "spdx" | "none"
  /** Platforms that get no SBOM although the others do. */
  readonly withoutSbom?: readonly string[]
  readonly dsse?: boolean
  /** What the statements claim to be about, instead of the platform's digest. */
  readonly statementSubject?: string
  /** Package URLs inside of the SBOM. */
  readonly packages?: readonly string[]
  /** Root is the first platform's manifest itself, without an index. */
  readonly single?: boolean
  /** When the config says that it was built. */
  readonly created?: string
  readonly annotations?: Readonly<Record<string, string>>
}

export function anImage(options: ImageOptions = {}): TestImage {
  const { platforms: names = ["linux/amd64"], annotations } = options
  const platforms = names.map((platform) => ({ platform, manifest: aPlatform(platform, options) }))
  const entries = platforms.map(({ platform, manifest }) => ({ ...manifest.descriptor, platform: partsOf(platform) }))
  const index = {
    schemaVersion: 2,
    mediaType: testMediaTypes.index,
    manifests: entries,
    ...(annotations && { annotations }),
  }
  const root = (options.single && platforms[0]?.manifest) || manifestOf(testMediaTypes.index, index)
  const referrers = platforms.flatMap(({ platform, manifest }) =>
    (options.sbom ?? "none") === "none" || options.withoutSbom?.includes(platform) ? [] : [sbomOf(manifest, options)],
  )
  return { digest: root.descriptor.digest, root, platforms, referrers }
}

function aPlatform(platform: string, { layers = ["hello"], annotations, created }: ImageOptions): TestManifest {
  // A layer need not be a real archive here; ../images has real ones.
  const contents = layers.map((text) => Buffer.from(text))
  const blobs = contents.map((content) => blobOf(testMediaTypes.layer, gzipSync(content)))
  const rootfs = { type: "layers", diff_ids: contents.map(digestOf) }
  const about = { ...(created && { created }), ...partsOf(platform), config: {}, rootfs }
  const config = blobOf(testMediaTypes.config, JSON.stringify(about))
  const content = {
    schemaVersion: 2,
    mediaType: testMediaTypes.manifest,
    config: config.descriptor,
    layers: blobs.map((blob) => blob.descriptor),
    ...(annotations && { annotations }),
  }
  return manifestOf(testMediaTypes.manifest, content, [config, ...blobs])
}

function partsOf(platform: string): { os: string; architecture: string; variant?: string } {
  const [os = "", architecture = "", variant] = platform.split("/")
  return { os, architecture, ...(variant && { variant }) }
}

function sbomOf(platform: TestManifest, options: ImageOptions): TestManifest {
  const packages = options.packages ?? ["pkg:npm/lodash@4.17.20"]
  const statement = options.sbom === "spdx" ? spdxOf(packages) : cyclonedxOf(packages)
  return aStatement(platform.descriptor, { ...statement, ...options })
}
