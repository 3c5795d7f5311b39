// A release of this module by this module: pushed, stated about with a key, gated by the release's policy and promoted, on a real
// registry with the real Trivy.
import { execFile } from "node:child_process"
import { mkdtemp, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { afterAll, beforeAll, expect, it } from "vitest"
import { attach } from "../../core/attach/attach.js"
import { createSigner } from "../../core/attestation/signer.js"
import { parsePolicy } from "../../core/policy/document/parse-policy.js"
import { makeRelease } from "../../scripts/release-parts.mjs"
import { aKey } from "../core/attestation/build-signed.js"
import { codesOf } from "../core/policy/build-assessment.js"
import { pushLayout } from "../support/parts.js"
import { anOperation, context, gateImage, promoteImage, refer, tagDigest } from "../support/promotion.js"
import { startRegistry, type TestRegistry } from "../support/registry.js"

const root = fileURLToPath(new URL("../..", import.meta.url))
const key = aKey()
const by = { ...context, signer: createSigner(key.pem) }
let registry: TestRegistry
let folder: string
let digest: string

beforeAll(async () => {
  registry = await startRegistry("api")
  folder = await mkdtemp(join(tmpdir(), "cssc-release-"))
  const { stdout } = await promisify(execFile)("git", ["rev-parse", "HEAD"], { cwd: root })
  const source = "https://github.com/acme/cssc"
  const made = { version: "1.2.3", commit: stdout.trim(), source, builder: `${source}/release.yml`, invocation: "" }
  digest = await makeRelease(folder, made)
  expect(await makeRelease(await mkdtemp(join(folder, "again-")), made)).toBe(digest)
  await pushLayout(join(folder, "image"), "1.2.3", { registry, repository: "quarantine/cssc" })
}, 120_000)

afterAll(async () => {
  await registry.stop()
  await rm(folder, { recursive: true })
})

it("is blocked without signed SBOM and provenance, and promoted with them", async () => {
  const policy = parsePolicy(await readFile(join(root, ".github/release-policy.yaml"), "utf8"))
  const image = refer(registry, "quarantine/cssc:1.2.3")
  const judge = () => gateImage(image, { policy, context: by, predicateType: "" })
  expect((await judge()).verdict).toMatchObject({ outcome: "blocked-missing-sbom" })
  const operation = anOperation({ context: by })
  for (const name of ["sbom.json", "provenance.json"]) {
    const statement = await readFile(join(folder, name), "utf8")
    const pinned = { ...image, digest: (await operation.registry.resolve(image)) ?? raise() }
    const { attached } = await attach(operation, { image: pinned, statement, platforms: false })
    expect(attached).toHaveLength(1)
  }
  const gated = await judge()
  expect(codesOf(gated.verdict, "block")).toEqual([])
  const target = refer(registry, "golden/cssc:1.2.3")
  expect(await promoteImage(gated, target, { policy, context: by })).toMatchObject({ outcome: "promote" })
  expect(await tagDigest(registry, "golden/cssc:1.2.3")).toBe(digest)
})

function raise(): never {
  throw new Error("the release was not pushed")
}
