// The images of the tests as one OCI layout, with the tags of `variants`, for linux/amd64 and linux/arm64.
import { mkdirSync, readdirSync, rmSync } from "node:fs"
import { basename, join } from "node:path"
import { fileURLToPath } from "node:url"
import { part } from "../../scripts/part.mjs"
import { tools } from "../toolbox/tools.mjs"
import { attest, predicateTypes } from "./attest.mjs"
import { unpackBase } from "./base.mjs"
import { mediaTypes, OciLayout } from "./oci-layout.mjs"
import { unpackNpm, unpackPython } from "./packages.mjs"
import { makeSbom } from "./sbom.mjs"
import { layerContents, variants } from "./variants.mjs"

/** Returns the folder of the layout. */
export async function imagesFolder() {
  const here = fileURLToPath(new URL(".", import.meta.url))
  const sources = readdirSync(here)
    .filter((name) => name.endsWith(".mjs"))
    .map((name) => join(here, name))
  const programs = await tools()
  const folder = await part("images", [...sources, basename(programs)], (draft) =>
    build(draft, join(programs, "trivy")),
  )
  return join(folder, "app")
}

async function build(folder, trivy) {
  const layout = new OciLayout(join(folder, "app"))
  const layers = {}
  for (const [name, content] of Object.entries(layerContents)) layers[name] = await addLayer(layout, folder, content)
  for (const [tag, variant] of Object.entries(variants)) await addImage(layout, tag, variant, layers, trivy)
}

async function addLayer(layout, folder, { debian, npm, python }) {
  const root = join(folder, "root")
  mkdirSync(root)
  if (debian) await unpackBase(debian.suite, debian.architecture, root)
  if (npm) await unpackNpm(npm, root)
  if (python) await unpackPython(python, root)
  const layer = await layout.addLayer(root)
  rmSync(root, { recursive: true })
  return layer
}

async function addImage(layout, tag, variant, layers, trivy) {
  const platforms = []
  for (const { architecture, layers: names, sbom } of variant.platforms) {
    const manifest = addPlatform(
      layout,
      tag,
      architecture,
      names.map((name) => layers[name]),
    )
    const platform = { os: "linux", architecture, ...(architecture === "arm64" && { variant: "v8" }) }
    platforms.push({ ...manifest, platform })
    layout.list(manifest) // Trivy finds a manifest in a layout only when index.json names it
    if (sbom) await attestSbom(layout, manifest, tag, sbom, trivy)
  }
  const content = { schemaVersion: 2, mediaType: mediaTypes.index, manifests: platforms }
  const index = layout.addJson(mediaTypes.index, content)
  layout.list(index, tag)
  attest(layout, index, `app:${tag}`, { predicateType: predicateTypes.openvex, predicate: openvex(tag, index) })
}

function addPlatform(layout, tag, architecture, layers) {
  const labels = { "org.opencontainers.image.title": "app", "org.opencontainers.image.version": tag }
  const config = layout.addJson(mediaTypes.config, {
    created: "2026-01-01T00:00:00Z",
    os: "linux",
    architecture,
    ...(architecture === "arm64" && { variant: "v8" }),
    config: { Env: ["PATH=/usr/local/bin:/usr/bin:/bin"], WorkingDir: "/usr/src/app", Labels: labels },
    rootfs: { type: "layers", diff_ids: layers.map((layer) => layer.diffId) },
  })
  const descriptors = layers.map((layer) => layer.descriptor)
  const manifest = { schemaVersion: 2, mediaType: mediaTypes.manifest, config, layers: descriptors }
  return layout.addJson(mediaTypes.manifest, manifest)
}

async function attestSbom(layout, manifest, tag, { format, version, dsse }, trivy) {
  const trivyFormat = format === "spdx" ? "spdx-json" : format
  const predicate = await makeSbom(trivy, layout.folder, manifest.digest, trivyFormat)
  if (version) {
    // Trivy writes one version; what it writes is the same in the one before.
    predicate.specVersion = version
    predicate.$schema = `http://cyclonedx.org/schema/bom-${version}.schema.json`
  }
  const predicateType = format === "spdx" ? predicateTypes.spdx : predicateTypes.cyclonedx + predicate.specVersion
  attest(layout, manifest, `app:${tag}`, { predicateType, predicate, dsse })
}

function openvex(tag, index) {
  return {
    "@context": "https://openvex.dev/ns/v0.2.0",
    "@id": `https://example.com/vex/app-${tag}`,
    author: "The images of the tests",
    timestamp: "2026-01-01T00:00:00Z",
    version: 1,
    statements: [
      {
        vulnerability: { name: "CVE-2021-23337" },
        products: [{ "@id": `pkg:oci/app@${index.digest.replace(":", "%3A")}` }],
        status: "under_investigation",
      },
    ],
  }
}
