import { execFile } from "node:child_process"
import { mkdtemp, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { describe, expect, it } from "vitest"
import { hostTools, imagesLayout, pushLayout, pushTrivyDatabase, trivyDatabase } from "./parts.js"
import { startRegistry } from "./registry.js"

const run = promisify(execFile)
const fixture = (name: string) => fileURLToPath(new URL(`../fixtures/trivy/${name}`, import.meta.url))
const quiet = ["--quiet", "--format", "json", "--skip-version-check", "--disable-telemetry", "--offline-scan"]
const offline = ["--skip-db-update", "--skip-java-db-update", ...quiet]

type Report = {
  Results: { Type: string; Vulnerabilities?: { VulnerabilityID: string; PkgName: string; Severity: string }[] }[]
}

function findings(report: string): string[] {
  const { Results } = JSON.parse(report) as Report
  const all = Results.flatMap((result) => result.Vulnerabilities ?? [])
  return all.map((found) => `${found.VulnerabilityID} ${found.PkgName} ${found.Severity}`).sort()
}

async function inTemporaryFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "cssc-trivy-"))
  try {
    return await work(folder)
  } finally {
    await rm(folder, { recursive: true })
  }
}

describe("the Trivy database of the tests", () => {
  it.each(["fresh", "stale"] as const)("finds in Trivy's own sample what Trivy's own report says (%s)", async (age) => {
    const { trivy } = await hostTools()
    const database = ["--cache-dir", await trivyDatabase({ age })]
    const { stdout } = await run(trivy, ["sbom", ...database, ...offline, fixture("sbom-fluentd-cyclonedx.json")])
    expect(findings(stdout)).toEqual(findings(await readFile(fixture("report-sbom-fluentd-cyclonedx.json"), "utf8")))
  })

  it("is fresh today, or of 2022", async () => {
    const updated = async (age: "fresh" | "stale") => {
      const text = await readFile(join(await trivyDatabase({ age }), "db/metadata.json"), "utf8")
      return new Date((JSON.parse(text) as { UpdatedAt: string }).UpdatedAt)
    }
    expect(Date.now() - (await updated("fresh")).getTime()).toBeLessThan(2 * 24 * 60 * 60 * 1000)
    expect((await updated("stale")).getUTCFullYear()).toBe(2022)
  })

  it("comes from a registry by digest, and finds what the images are said to have", async () => {
    const { trivy } = await hostTools()
    const registry = await startRegistry("distribution")
    try {
      const { reference } = await pushTrivyDatabase(await trivyDatabase(), { registry, repository: "trivy-db" })
      const layout = await imagesLayout()
      await pushLayout(layout, "vulnerable", { registry, repository: "app" })
      await pushLayout(layout, "clean", { registry, repository: "app" })
      await inTemporaryFolder(async (cache) => {
        const where = ["--cache-dir", cache, "--insecure"]
        await run(trivy, ["image", ...where, "--quiet", "--download-db-only", "--db-repository", reference])
        const scan = async (tag: string, platform: string) => {
          const image = ["--image-src", "remote", "--platform", platform, `${registry.address}/app:${tag}`]
          return findings((await run(trivy, ["image", ...where, ...offline, ...image])).stdout)
        }
        const severe = (found: string[]) => found.filter((finding) => /HIGH|CRITICAL/.test(finding))
        const everywhere = ["CVE-2020-14343 PyYAML CRITICAL", "CVE-2020-1747 PyYAML CRITICAL"]
        everywhere.push("CVE-2021-23337 lodash HIGH", "CVE-2023-45853 zlib1g CRITICAL")
        expect(severe(await scan("vulnerable", "linux/arm64"))).toEqual(everywhere)
        const amd64 = [...everywhere, "CVE-2021-44906 minimist CRITICAL"].sort()
        expect(severe(await scan("vulnerable", "linux/amd64"))).toEqual(amd64)
        const clean = await scan("clean", "linux/amd64")
        expect([clean.length, severe(clean)]).toEqual([7, []])
      })
    } finally {
      await registry.stop()
    }
  })
})
