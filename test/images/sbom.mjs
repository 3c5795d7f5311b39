// SBOMs that Trivy makes of a platform, with what is random in them made the same for the same image.
import { createHash } from "node:crypto"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { basename, dirname, join } from "node:path"
import { run } from "../../scripts/process.mjs"

const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g
const created = "2026-01-01T00:00:00Z"

/**
 * @param trivy path of the program
 * @param layout the layout's folder
 * @param digest of a platform's manifest
 * @param format `cyclonedx` or `spdx-json`
 */
export async function makeSbom(trivy, layout, digest, format) {
  const cache = mkdtempSync(join(tmpdir(), "cssc-sbom-"))
  const offline = ["--offline-scan", "--skip-version-check", "--disable-telemetry", "--cache-backend", "memory"]
  const options = ["image", "--quiet", "--cache-dir", cache, ...offline, "--format", format]
  const output = join(cache, "sbom.json")
  try {
    await run(trivy, [...options, "--input", `${basename(layout)}@${digest}`, "--output", output], {
      cwd: dirname(layout), // the reference becomes the image's name in the SBOM
    })
    return settle(readFileSync(output, "utf8"), digest)
  } finally {
    rmSync(cache, { recursive: true })
  }
}

function settle(text, digest) {
  const names = new Map()
  const sameName = (found) => names.get(found) ?? names.set(found, sameUuid(`${digest} ${names.size}`)).get(found)
  return JSON.parse(JSON.stringify(order(JSON.parse(text))).replace(uuid, sameName), (key, value) =>
    ["timestamp", "created", "annotationDate"].includes(key) ? created : value,
  )
}

// Lists are sorted by references that are random for components without a purl: sorted by name instead.
function order(sbom) {
  const by = (key) => (a, b) => (key(a) < key(b) ? -1 : 1)
  sbom.components?.sort(by((component) => `${component.type} ${component.purl ?? component.name}`))
  const position = new Map(sbom.components?.map((component, at) => [component["bom-ref"], at]))
  const at = (reference) => String(position.get(reference) ?? -1).padStart(9, "0")
  for (const dependency of sbom.dependencies ?? []) dependency.dependsOn?.sort(by(at))
  sbom.dependencies?.sort(by((dependency) => at(dependency.ref)))
  return sbom
}

function sameUuid(seed) {
  const hex = createHash("sha256").update(seed).digest("hex")
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
