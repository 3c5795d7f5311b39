// The main path as an operator walks it: real CLI, real engine, real images, and each call in a session of its own, so
// that nothing is green only because a session remembers.
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import {
  bind,
  type BoundRegistry,
  call,
  callError,
  callJson,
  databaseArguments,
  toolboxArguments,
} from "../support/dagger-cli.js"
import { imagesLayout, pushLayout, pushTrivyDatabase, trivyDatabase } from "../support/parts.js"
import { tagDigest, writesOf } from "../support/promotion.js"
import { startRegistry, type TestRegistry } from "../support/registry.js"

type Promoted = { outcome: string; digest: string; tagged: boolean; evidence: unknown[]; carried: unknown[] }

let folder: string
let outside: TestRegistry
let inside: TestRegistry
let upstream: BoundRegistry
let house: BoundRegistry
let base: string[]
let scanning: string[]
const digests: Record<string, string> = {}
const withRun = ["with-run", "--url", "https://ci.example/runs/7", "--id", "7", "--actor", "ada"]

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cssc-story-"))
  ;[outside, inside] = await Promise.all([startRegistry("api"), startRegistry("distribution")])
  const layout = await imagesLayout()
  for (const tag of ["clean", "vulnerable", "no-sbom"]) {
    digests[tag] = await pushLayout(layout, tag, { registry: outside, repository: "vendor/app" })
    // clean is acquired below
    if (tag !== "clean") await pushLayout(layout, tag, { registry: inside, repository: "quarantine/app" })
  }
  await pushTrivyDatabase(await trivyDatabase(), { registry: outside, repository: "trivy-db" })
  upstream = bind(outside, "vendor.test")
  house = bind(inside, "house.test")
  // Each builder of a chain is a call of its own to the module, so a chain has only those that it needs.
  base = [...toolboxArguments(), ...house.arguments]
  scanning = [...toolboxArguments(), ...(await databaseArguments()), ...house.arguments]
})

afterAll(async () => {
  await Promise.all([outside.stop(), inside.stop()])
  await rm(folder, { recursive: true })
})

/** Runs a call to its results, and reads one of their files. */
async function results<T>(words: readonly string[], name: string, file = "result.json"): Promise<T> {
  await call([...words, "results", "export", "--path", join(folder, name)])
  return JSON.parse(await readFile(join(folder, name, file), "utf8")) as T
}

const check = (name: string) => [...toolboxArguments(), "check", "--results", join(folder, name)]
const quarantine = (tag: string) => `${house.address}/quarantine/app${tag}`
const golden = (tag: string) => `${house.address}/golden/app${tag}`

describe("the module's main path, by the CLI", { sequential: true }, () => {
  it("lists the tags of a repository that were not excluded", async () => {
    const words = [...toolboxArguments(), ...upstream.arguments, "tags", "--exclude", "no-*", "-j"]
    expect(await callJson([...words, "--repository", `${upstream.address}/vendor/app`])).toEqual([
      "clean",
      "vulnerable",
    ])
  })

  const both = () => [...base, ...upstream.arguments]
  const mirror = () => ["mirror", "--source", `${upstream.address}/vendor/app:clean`, "--target", quarantine("")]

  it("mirrors an image with what is attached to it, and remembers which run did", async () => {
    const done = await results<Record<string, unknown>>([...both(), ...withRun, ...mirror()], "mirror")
    const attached = { source: 3, target: 3, missing: [], extra: [] }
    expect(done).toMatchObject({ copied: true, digest: digests.clean, history: "new", referrers: attached })
    expect(done.provenance).not.toEqual([])
    expect(done.previousDigest).toBeUndefined()
    expect(await tagDigest(inside, "quarantine/app:clean")).toBe(digests.clean)
    expect(await readFile(join(folder, "mirror/summary.md"), "utf8")).toContain(digests.clean)
  })

  it("writes nothing when it mirrors the same image in another session", async () => {
    await inside.resetRequests()
    expect(await callJson([...both(), ...mirror(), "json"])).toMatchObject({ copied: false })
    expect(await writesOf(inside)).toEqual([])
  })

  it("shows an image's platforms and what is attached to each", async () => {
    type Shown = { digest: string; platforms: { platform: string; attached: { predicateType?: string }[] }[] }
    const shown = await callJson<Shown>([...base, "image", "--reference", quarantine(":clean"), "json"])
    expect(shown.digest).toBe(digests.clean)
    expect(shown.platforms.map(({ platform }) => platform)).toEqual(["linux/amd64", "linux/arm64"])
    for (const { attached } of shown.platforms)
      expect(attached.some(({ predicateType }) => predicateType?.startsWith("https://cyclonedx.org/bom"))).toBe(true)
  })

  it("scans the SBOM of every platform, and judges the exported results with exceptions", async () => {
    await results([...scanning, "scan-sbom", "--image", quarantine(":vulnerable")], "scan", "assessment.json")
    expect(await readdir(join(folder, "scan/reports"))).toHaveLength(2)
    const exceptions = ["--exceptions", "CVE-2023-45853|CVE-2021-44906", ...toolboxArguments()]
    const words = [...exceptions, "evaluate", "--reports", join(folder, "scan"), "counts"]
    expect(await callJson(words)).toMatchObject({
      decision: "blocked",
      blockingCount: 5,
      remaining: "CVE-2020-14343|CVE-2020-1747|CVE-2021-23337",
      excepted: "CVE-2021-44906|CVE-2023-45853",
    })
  })

  it("scans file systems with a database that it takes from a registry, and records its digest", async () => {
    type Found = { database: { reference: string; digest: string }; platforms: { scan?: { packages: number } }[] }
    const database = ["--trivy-database", `${upstream.address}/trivy-db:2`]
    const words = [...database, ...toolboxArguments(), ...upstream.arguments]
    const image = ["scan-image", "--image", `${upstream.address}/vendor/app:clean`, "json"]
    const { database: used, platforms } = await callJson<Found>([...words, ...image])
    expect(used).toMatchObject({ reference: `${upstream.address}/trivy-db`, digest: expect.stringMatching(/^sha256:/) })
    expect(platforms.map(({ scan }) => (scan?.packages ?? 0) > 0)).toEqual([true, true])
  })

  it("promotes what passes, with evidence, and check passes", async () => {
    const words = [...scanning, ...withRun, "gate", "--image", quarantine(":clean"), "promote", "--target", golden("")]
    const done = await results<Promoted>(words, "promoted")
    expect(done).toMatchObject({ outcome: "promote", digest: digests.clean, tagged: true })
    // The scan on both platforms and on the index, and the verdict; the vendor's SBOMs come along.
    expect([done.evidence.length, done.carried.length]).toEqual([7, 3])
    expect(await tagDigest(inside, "golden/app:clean")).toBe(digests.clean)
    const documents = [
      "assessment.json",
      "reports",
      "result.json",
      "verdict.json",
      "summary.md",
      "summary.txt",
      "requests.json",
    ]
    const made = ["results.sarif", "junit.xml", "gl-container-scanning-report.json", "vex.cdx.json", "report.html"]
    expect((await readdir(join(folder, "promoted"))).sort()).toEqual([...documents, ...made].sort())
    expect(await readFile(join(folder, "promoted/report.html"), "utf8")).toContain(
      `promoted</span><h3>${quarantine("")}`,
    )
    expect(await call(check("promoted"))).toContain(`✔ promoted: ${quarantine(":clean")}`)
  })

  it("tags nothing that is blocked, says why, and check fails", async () => {
    const words = [...scanning, "gate", "--image", quarantine(":vulnerable"), "promote", "--target", golden("")]
    expect(await results<Promoted>(words, "blocked")).toMatchObject({ outcome: "blocked", tagged: false })
    expect(await tagDigest(inside, "golden/app:vulnerable")).toBeUndefined()
    expect(await callError(check("blocked"))).toMatch(/\[GATE_BLOCKED\] 1 of 1 did not pass: .*golden\/app.*: blocked/)
  })

  it("promotes by the verdict file of an earlier job, which it derives again", async () => {
    const verdict = ["--verdict", join(folder, "promoted/verdict.json"), "--source", quarantine("")]
    const words = ["promote", ...verdict, "--target", golden(":by-verdict"), "json"]
    const done = await callJson<Promoted>([...scanning, ...words])
    expect(done).toMatchObject({ outcome: "promote", digest: digests.clean, tagged: true })
  })

  it("promotes a whole quarantine: one bad tag stops no other", async () => {
    const words = [
      ...scanning,
      "promote-quarantine",
      "--source",
      quarantine(""),
      "--target",
      golden(""),
      "--delete-source",
    ]
    type Row = { tag: string; outcome: string; deletion?: { status: string } }
    const { tags } = await results<{ tags: Row[] }>(words, "run")
    expect(tags.map(({ tag, outcome }) => `${tag} ${outcome}`)).toEqual([
      "clean unchanged",
      "no-sbom blocked-missing-sbom",
      "vulnerable blocked",
    ])
    expect(tags[0]?.deletion).toMatchObject({ status: "deleted" })
    expect(await tagDigest(inside, "quarantine/app:clean")).toBeUndefined()
    expect(await callError(check("run"))).toContain("2 of 3 did not pass")
  })

  it("does not acquire again what was promoted and deleted: the history knows it", async () => {
    expect(await callJson([...both(), ...mirror(), "json"])).toMatchObject({ copied: false, history: "known" })
    const history = await callJson<{ entries: unknown[] }>([...base, "history", "--repository", quarantine(""), "json"])
    expect(history.entries).toMatchObject([{ sourceDigest: digests.clean, runUrl: "https://ci.example/runs/7" }])
  })

  it("attaches a statement to the image that it is about, then deletes the image by its tag", async () => {
    const digest = digests.clean ?? ""
    const subject = [{ name: "app", digest: { sha256: digest.replace("sha256:", "") } }]
    const type = "https://in-toto.io/Statement/v1"
    const predicateType = "https://example.org/review/v1"
    const statement = { _type: type, subject, predicateType, predicate: { by: "ada" } }
    await writeFile(join(folder, "statement.json"), JSON.stringify(statement))
    const words = ["attach", "--image", golden(":clean"), "--statement", join(folder, "statement.json"), "json"]
    expect(await callJson([...base, ...words])).toMatchObject({ attached: [{ subject: digest, existing: false }] })
    const dryRun = ["delete", "--image", quarantine(":vulnerable"), "--dry-run", "status"]
    expect(await call([...base, ...dryRun])).toMatch(/deleted|skipped/)
    expect(await tagDigest(inside, "quarantine/app:vulnerable")).toBe(digests.vulnerable)
    expect(await call([...base, "delete", "--image", quarantine(":vulnerable"), "status"])).toContain("deleted")
    expect(await tagDigest(inside, "quarantine/app:vulnerable")).toBeUndefined()
  })
})

describe("the demo", () => {
  it("tells the whole story on a registry of its own", async () => {
    const image = process.env.CSSC_REGISTRY_IMAGE
    const own = ["--layout", await imagesLayout(), "--tags", "clean,vulnerable,no-sbom"]
    const start = [...toolboxArguments(), ...(await databaseArguments()), "demo"]
    const story = await call([...start, ...own, ...(image ? ["--registry", image] : [])])
    for (const fact of [
      "# 1. Acquire",
      "# 2. Scan",
      "# 3. What the trusted",
      "Verified: registry.cssc:5000/golden/app@sha256:",
      "known, not acquired again",
    ])
      expect(story).toContain(fact)
    expect(story).toContain("CVE-2021-44906")
    expect(story).toContain("https://cssc.dev/verdict/v1")
  })
})
