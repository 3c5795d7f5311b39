// What a release consists of: its notes, an archive of what runs as an image of one layer, and what is stated about that image.
import { execFileSync } from "node:child_process"
import { mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { PackageURL } from "packageurl-js"
import { mediaTypes, OciLayout } from "../test/images/oci-layout.mjs"
import { bundledPackages } from "./build.mjs"

const root = fileURLToPath(new URL("..", import.meta.url))
/** What the engine loads of a module. */
const shipped = ["dagger.json", "package.json", "tsconfig.json", "src", "dist", "LICENSE"]

const git = (...words) => execFileSync("git", words, { cwd: root, maxBuffer: 256 * 1024 * 1024 })

/** The section of a version in the changelog; throws when it is empty, or when its release was not decided and it is no rehearsal. */
export function notesOf(version, { changelog = readChangelog(), rehearsal = false } = {}) {
  const sections = changelog.split(/^(?=## )/m)
  const section = sections.find((one) => one.split("\n")[0].split(" ")[1] === version)
  if (section === undefined) throw new Error(`the changelog has no section ${version}`)
  const [head = "", ...lines] = section.split("\n")
  if (!rehearsal && head.includes("unreleased"))
    throw new Error(`the changelog calls ${version} unreleased: write its date`)
  const notes = lines.join("\n").trim()
  if (notes === "") throw new Error(`the changelog says nothing about ${version}`)
  return `${notes}\n`
}

function readChangelog() {
  return readFileSync(join(root, "CHANGELOG.md"), "utf8")
}

/** The kind of step from one version to the next; throws when the changelog's headings ask for a larger one. */
export function checkStep(previous, version, notes) {
  const [before, now] = [previous, version].map((text) => text.split(".").map(Number))
  const place = now.findIndex((part, at) => part !== before[at])
  const rest = now.slice(place + 1)
  if (place === -1 || now[place] !== before[place] + 1 || rest.some((part) => part !== 0))
    throw new Error(`${version} is not the next version after ${previous}`)
  // Before 1.0 a minor version may break: https://semver.org/#spec-item-4
  const breaks = /^### (Removed|Changed)$/m.test(notes)
  const adds = /^### Added$/m.test(notes)
  const least = breaks ? (before[0] === 0 ? 1 : 0) : adds ? 1 : 2
  if (place > least) throw new Error(`${version} is too small a step: the changelog has more than fixes`)
}

/** Writes the image's layout, statements and notes into a folder; the same commit gives the same digest. */
export async function makeRelease(folder, { version, commit, source, builder, invocation }) {
  mkdirSync(folder, { recursive: true })
  const layout = new OciLayout(join(folder, "image"))
  const files = join(folder, "files")
  mkdirSync(files, { recursive: true })
  execFileSync("tar", ["-x", "-C", files], { input: git("archive", commit, ...shipped) })
  const { diffId, descriptor: layer } = await layout.addLayer(files)
  const config = layout.addJson(mediaTypes.config, {
    ...{ os: "linux", architecture: "amd64", created: git("show", "-s", "--format=%cI", commit).toString().trim() },
    config: { Labels: { "org.opencontainers.image.version": version, "org.opencontainers.image.revision": commit } },
    rootfs: { type: "layers", diff_ids: [diffId] },
  })
  const { manifest: mediaType } = mediaTypes
  const image = layout.addJson(mediaType, { schemaVersion: 2, mediaType, config, layers: [layer] })
  layout.list(image, version)
  const about = (predicateType, predicate) => ({
    _type: "https://in-toto.io/Statement/v1",
    subject: [{ name: "cssc", digest: { sha256: image.digest.replace("sha256:", "") } }],
    ...{ predicateType, predicate },
  })
  const provenance = provenanceOf({ version, commit, source, builder, invocation })
  write(folder, "sbom.json", about("https://cyclonedx.org/bom", await sbomOf(version, commit)))
  write(folder, "provenance.json", about("https://slsa.dev/provenance/v1", provenance))
  return image.digest
}

async function sbomOf(version, commit) {
  const own = { type: "application", "bom-ref": "cssc", name: "cssc", version }
  const packages = (await bundledPackages()).map(({ name, version: of, license }) => {
    const purl = new PackageURL("npm", ...npmName(name), of).toString()
    return { type: "library", "bom-ref": purl, name, version: of, purl, licenses: [{ expression: license }] }
  })
  const components = [...new Map(packages.map((one) => [one.purl, one])).values()]
  return {
    ...{ bomFormat: "CycloneDX", specVersion: "1.6", version: 1 },
    metadata: { timestamp: git("show", "-s", "--format=%cI", commit).toString().trim(), component: own },
    components,
    dependencies: [{ ref: "cssc", dependsOn: components.map((one) => one.purl) }],
  }
}

function npmName(name) {
  const at = name.indexOf("/")
  return at < 0 ? [null, name] : [name.slice(0, at), name.slice(at + 1)]
}

// https://slsa.dev/spec/v1.0/provenance
function provenanceOf({ version, commit, source, builder, invocation }) {
  return {
    buildDefinition: {
      buildType: "https://cssc.dev/release/v1",
      externalParameters: { version },
      resolvedDependencies: [{ uri: `git+${source}`, digest: { gitCommit: commit } }],
    },
    runDetails: { builder: { id: builder }, metadata: { invocationId: invocation } },
  }
}

function write(folder, name, document) {
  writeFileSync(join(folder, name), `${JSON.stringify(document, undefined, 2)}\n`)
}
