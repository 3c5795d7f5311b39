// The exported ledger in the hands of the real Trivy: it moves aside exactly what the verdict accepted, for as long, and
// our OpenVEX, which says "affected", moves nothing.
import { execFile } from "node:child_process"
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { promisify } from "node:util"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { toOpenVex } from "../../core/evidence/ledger-openvex.js"
import { toTrivyIgnore } from "../../core/evidence/ledger-trivyignore.js"
import { parseTrivyReport } from "../../core/findings/trivy-report.js"
import { digestOf } from "../../core/oci/digest.js"
import { parsePolicy } from "../../core/policy/document/parse-policy.js"
import { evaluate } from "../../core/policy/judge/evaluate.js"
import { sbomScanWords } from "../../dagger/containers/trivy/trivy-commands.js"
import { anAssessment, aPlatform, aScan, image } from "../core/policy/build-assessment.js"
import { hostTools, trivyDatabase } from "../support/parts.js"

const run = promisify(execFile)
const sbom = new URL("../fixtures/trivy/sbom-fluentd-cyclonedx.json", import.meta.url).pathname
const day = 24 * 60 * 60 * 1000
const inDays = (days: number) => new Date(Date.now() + days * day).toISOString()

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cssc-ledger-"))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function scan(...more: string[]) {
  const report = join(folder, "report.json")
  const [, ...words] = sbomScanWords({ cacheFolder: await trivyDatabase(), report }, sbom)
  const env = { PATH: process.env["PATH"], HOME: folder }
  const { stderr } = await run((await hostTools()).trivy, [...words, ...more], { cwd: folder, env })
  const { findings, suppressed } = parseTrivyReport(await readFile(report, "utf8"), { platform: "p", digest: "d" })
  const ids = (list: typeof findings) => list.map(({ id }) => id).sort()
  return { findings, open: ids(findings), aside: ids(suppressed), stderr }
}

async function judged(exceptions: string) {
  const { findings } = await scan()
  const assessment = anAssessment([aPlatform("linux/amd64", { scan: aScan({ findings }) })])
  const policy = parsePolicy(`version: 1\nseverity: LOW\nexceptions: ${exceptions}`)
  const override = {
    digest: image.digest,
    approver: "jane",
    reason: "until the release",
    reference: "https://issues.example.com/1",
    cves: ["CVE-2020-8165"],
    expires: inDays(1),
    grantedAt: inDays(-1),
  }
  return evaluate(assessment, policy, { now: new Date(), override })
}

async function ignoring(text: string) {
  const file = join(folder, `${digestOf(text).slice(7, 19)}.trivyignore.yaml`)
  await writeFile(file, text)
  return scan("--ignorefile", file)
}

const all = ["CVE-2019-18224", "CVE-2019-18276", "CVE-2020-8165"]

describe("Trivy with our .trivyignore.yaml", () => {
  it("finds three vulnerabilities without it", async () => {
    expect(await scan()).toMatchObject({ open: all, aside: [] })
  })

  it("moves aside exactly what exceptions and the override accepted", async () => {
    const verdict = await judged(
      "[{id: CVE-2019-18276, reason: 'not reachable: #1'}, {id: CVE-2019-18224, package: 'pkg:npm/*', reason: other}]",
    )
    expect(verdict.remaining).toEqual(["CVE-2019-18224"])
    expect(await ignoring(toTrivyIgnore(verdict))).toMatchObject({
      open: verdict.remaining,
      aside: ["CVE-2019-18276", "CVE-2020-8165"],
    })
  })

  it("moves aside until the end and no longer", async () => {
    const today = inDays(0).slice(0, 10)
    const verdict = await judged(`[{id: CVE-2019-18276, reason: r, expires: ${today}}]`)
    const text = toTrivyIgnore(verdict)
    expect(verdict.excepted).toEqual(["CVE-2019-18276"])
    expect((await ignoring(text)).aside).toContain("CVE-2019-18276")
    const past = text.replace(`${today}T23:59:59.999Z`, inDays(-0.001))
    expect(past).not.toBe(text)
    expect((await ignoring(past)).open).toContain("CVE-2019-18276")
  })

  it("moves nothing aside in another package of the same vulnerability", async () => {
    const verdict = await judged("[{id: CVE-2019-18276, reason: r}]")
    const elsewhere = toTrivyIgnore(verdict).replace("pkg:deb/debian/bash@", "pkg:deb/debian/zsh@")
    expect((await ignoring(elsewhere)).open).toContain("CVE-2019-18276")
  })

  it("reads one without entries", async () => {
    expect(await ignoring(toTrivyIgnore({ findings: [] }))).toMatchObject({ open: all })
  })
})

describe("Trivy with our OpenVEX", () => {
  it("reads it without complaint, and moves nothing aside: an accepted risk is a risk", async () => {
    const verdict = await judged("[{id: CVE-2019-18276, reason: r}]")
    const document = toOpenVex(verdict, { author: "platform team", id: "https://example.com/vex/1" })
    expect(document.statements).toHaveLength(2)
    const file = join(folder, "openvex.json")
    await writeFile(file, JSON.stringify(document))
    expect(await scan("--vex", file)).toMatchObject({ open: all, aside: [], stderr: "" })
  })

  it("would move the same aside if it lied", async () => {
    const verdict = await judged("[{id: CVE-2019-18276, reason: r}]")
    const document = toOpenVex(verdict, { author: "platform team", id: "https://example.com/vex/1" })
    const lie = JSON.stringify({
      ...document,
      statements: document.statements.map(({ products: [{ subcomponents }], ...statement }) => ({
        ...statement,
        products: subcomponents,
        status: "not_affected",
        justification: "vulnerable_code_not_present",
      })),
    })
    const file = join(folder, "lie.json")
    await writeFile(file, lie)
    expect(await scan("--vex", file)).toMatchObject({ aside: ["CVE-2019-18276", "CVE-2020-8165"] })
  })
})
