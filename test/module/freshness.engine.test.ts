// What changes between two calls is seen by the second one: nothing that reads a tag, a listing or the clock is kept.
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { anImage } from "../support/build-image.js"
import { aStatement } from "../support/build-referrer.js"
import { bind, callJson, databaseArguments, toolboxArguments } from "../support/dagger-cli.js"
import { pushImage } from "../support/push-image.js"
import { startRegistry, type TestRegistry } from "../support/registry.js"

type Verdict = { outcome: string; image: { digest: string }; remaining: string[]; reasons: { code: string }[] }

const fixture = new URL("../fixtures/trivy/", import.meta.url)
let folder: string
let registry: TestRegistry
let base: string[]
let repository: string
/** Milliseconds that a call took here. */
let longest = 0

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cssc-fresh-"))
  registry = await startRegistry("api")
  const { address, arguments: service } = bind(registry, "fresh.test")
  repository = `${address}/app`
  base = [...(await databaseArguments()), ...service]
})

afterAll(async () => {
  await registry.stop()
  await rm(folder, { recursive: true })
})

const good = anImage({ layers: ["good"], sbom: "cyclonedx", packages: ["pkg:npm/lodash@4.17.21"] })
const bad = anImage({ layers: ["bad"], sbom: "cyclonedx", packages: ["pkg:npm/lodash@4.17.20"] })

async function gate(...first: string[]): Promise<Verdict> {
  const words = [...toolboxArguments(), ...first, ...base, "gate", "--image", `${repository}:1`, "json"]
  const started = Date.now()
  const verdict = await callJson<Verdict>(words)
  longest = Math.max(longest, Date.now() - started)
  return verdict
}

describe("between two calls", { sequential: true }, () => {
  it("a tag that moved is seen", async () => {
    await pushImage(registry.url, "app", "1", good)
    expect(await gate()).toMatchObject({ outcome: "promote", image: { digest: good.digest } })
    await pushImage(registry.url, "app", "1", bad)
    expect(await gate()).toMatchObject({ image: { digest: bad.digest }, remaining: ["CVE-2021-23337"] })
  })

  it("an exception that expired blocks again", async () => {
    const expires = new Date(Date.now() + 2 * longest + 10_000).toISOString()
    const exception = `{ id: CVE-2021-23337, reason: not reached, owner: ada, expires: "${expires}" }`
    const policy = join(folder, "policy.yaml")
    await writeFile(policy, `version: 1\nexceptions:\n  - ${exception}\n`)
    expect((await gate("--policy", policy)).outcome).toBe("promote")
    await sleep(Math.max(0, Date.parse(expires) - Date.now()) + 1000)
    const later = await gate("--policy", policy)
    expect([later.outcome, later.remaining]).toEqual(["blocked", ["CVE-2021-23337"]])
    expect(later.reasons.map(({ code }) => code)).toContain("EXCEPTION_EXPIRED")
  })
})

describe("the oracle", () => {
  it("reports of Trivy's own sample what Trivy's own report says", async () => {
    type Report = { Results: { Vulnerabilities?: { VulnerabilityID: string; PkgName: string; Severity: string }[] }[] }
    type Found = { platforms: { scan: { findings: { id: string; package: string; severity: string }[] } }[] }
    const sbom = JSON.parse(await readFile(new URL("sbom-fluentd-cyclonedx.json", fixture), "utf8")) as unknown
    const image = anImage({ layers: ["fluentd"] })
    const referrers = image.platforms.map(({ manifest }) =>
      aStatement(manifest.descriptor, { predicateType: "https://cyclonedx.org/bom", predicate: sbom }),
    )
    await pushImage(registry.url, "app", "fluentd", { ...image, referrers })
    const words = [...toolboxArguments(), ...base, "scan-sbom", "--image", `${repository}:fluentd`, "json"]
    const { platforms } = await callJson<Found>(words)
    const report = JSON.parse(await readFile(new URL("report-sbom-fluentd-cyclonedx.json", fixture), "utf8")) as Report
    const all = report.Results.flatMap(({ Vulnerabilities = [] }) => Vulnerabilities)
    const expected = all.map((one) => `${one.VulnerabilityID} ${one.PkgName} ${one.Severity}`).sort()
    const found = platforms.flatMap(({ scan }) => scan.findings)
    expect(expected.length).toBeGreaterThan(0)
    expect(found.map((one) => `${one.id} ${one.package} ${one.severity}`).sort()).toEqual(expected)
  })
})
