// The verbs of a fleet from their arguments to the directory of results, as the module runs them: everything but the engine,
// which only hands files over. Within one registry nothing is done by a tool's container.
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Service } from "@dagger.io/dagger"
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { eventsOf } from "../../core/events/events-of.js"
import { parseFleet } from "../../core/fleet/config/parse-fleet.js"
import { fleetDocument } from "../../core/fleet/document/fleet-document.js"
import { parseFleetDocument } from "../../core/fleet/document/read-document.js"
import { readResults as readReport } from "../../core/report/read-results.js"
import { reportDocuments } from "../../core/report/report-documents.js"
import { runCheck } from "../../dagger/calls/check.js"
import { runConfigImport } from "../../dagger/calls/fleet/config-import.js"
import { runMerge } from "../../dagger/calls/fleet/merge.js"
import { runMirror } from "../../dagger/calls/mirror.js"
import { readResults } from "../../dagger/session/read-results.js"
import { toJson } from "../../dagger/session/result-files.js"
import { readEarlierFiles, readTexts } from "../../dagger/session/stored-results.js"
import { addRegistryService, emptyState } from "../../dagger/state/builders.js"
import { aDigest } from "../core/oci/fixture.js"
import { blocked, generatedAt, passing } from "../core/report/report-world.js"
import { fileOf, folderDirectory } from "../support/folder-directory.js"
import { tagDigest, writesOf } from "../support/promotion.js"
import { startRegistry, type TestRegistry } from "../support/registry.js"
import { pushTags } from "./fleet-world.js"

// The module writes results below its own working folder.
const before = process.cwd()
let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "cssc-verbs-"))
  process.chdir(folder)
})
afterEach(async () => {
  process.chdir(before)
  await rm(folder, { recursive: true })
})

/** The one directory of results that a call made, by file. */
async function results(): Promise<Record<string, string>> {
  const [made, ...more] = (await readdir(folder)).filter((name) => name.startsWith("cssc-"))
  expect(more).toEqual([])
  const names = await readdir(join(folder, made ?? ""))
  const texts = await Promise.all(
    names.map(async (name) => [name, await readFile(join(folder, made ?? "", name), "utf8")]),
  )
  await rm(join(folder, made ?? ""), { recursive: true })
  return Object.fromEntries(texts) as Record<string, string>
}

describe("mirror of many tags", () => {
  let at: TestRegistry
  beforeAll(async () => {
    at = await startRegistry("api")
    await pushTags(at, "vendor/app", ["1.0", "1.1", "2.0", "2.0-rc1"])
  })
  afterAll(() => at.stop())

  const house = () => `house.test:${at.address.split(":")[1]}`
  const service = {
    start: () => Promise.resolve({ hostname: () => Promise.resolve("127.0.0.1") }),
  } as unknown as Service
  const state = () => addRegistryService(emptyState, house(), service, false)
  const none = { glob: [], exclude: [], regex: "", semver: "", newest: 0, prereleases: false, allowMissing: false }
  const how = { force: false, referrers: false, history: true, provenance: true, platforms: [], newDigest: false }
  const mirror = (more: object) =>
    runMirror(state(), {
      ...{
        source: `${house()}/vendor/app`,
        target: `${house()}/quarantine/app`,
        dryRun: false,
        ...none,
        ...how,
        ...more,
      },
    })

  it("plans, does, and finds nothing more to do; its results are those of a fleet of one entry", async () => {
    const plan = await mirror({ glob: ["1.*"], dryRun: true })
    expect(parseFleetDocument(plan.json, "plan")).toMatchObject({ totals: { copy: 2 }, passed: true })
    expect(plan.copied).toBe(false)
    expect(await writesOf(at, "quarantine")).toEqual([])
    await results()

    const done = await mirror({ glob: ["1.*"], exclude: ["1.0"] })
    expect(done).toMatchObject({ copied: true, passed: true })
    const files = await results()
    expect(Object.keys(files).sort()).toEqual(["requests.json", "result.json", "summary.md", "summary.txt"])
    expect(files["result.json"]).toBe(done.json)
    const document = parseFleetDocument(done.json, "result.json")
    expect(document).toMatchObject({
      schema: "https://cssc.dev/fleet/v1",
      config: { entries: 1 },
      totals: { copied: 1 },
    })
    expect(document.images.map(({ target }) => target)).toEqual([`${house()}/quarantine/app:1.1`])
    expect(await tagDigest(at, "quarantine/app:1.1")).toBe(await tagDigest(at, "vendor/app:1.1"))
    expect(files["summary.md"]).toContain("quarantine/app:1.1")

    await at.resetRequests()
    expect(await mirror({ semver: "1.1.x", regex: "1.*" })).toMatchObject({ copied: false, passed: true })
    expect(await writesOf(at)).toEqual([])
  })

  it("takes the newest versions without release candidates", async () => {
    const { json } = await mirror({ newest: 1, dryRun: true })
    expect(parseFleetDocument(json, "plan").images.map(({ target }) => target)).toEqual([
      `${house()}/quarantine/app:2.0`,
    ])
  })

  it("fails by a pattern that matches nothing, unless that is accepted", async () => {
    const vain = await mirror({ glob: ["9.*"] })
    expect(vain.passed).toBe(false)
    const [made] = await readdir(folder)
    await expect(runCheck(folderDirectory(join(folder, made ?? "")))).rejects.toThrow(
      /\[GATE_BLOCKED\] 1 of 1 did not pass: .*quarantine\/app: nothing-matched/,
    )
    await results()
    const accepted = await mirror({ glob: ["9.*"], allowMissing: true })
    expect(accepted.passed).toBe(true)
    const [second] = await readdir(folder)
    expect(await runCheck(folderDirectory(join(folder, second ?? "")))).toContain("No image is meant")
  })

  it("refuses what is wrong with its arguments before anybody is asked, all at once", async () => {
    await at.resetRequests()
    await expect(mirror({ source: "UPPER CASE", regex: "(", glob: ["1"] })).rejects.toThrow(/2 problems: /)
    await expect(mirror({ glob: ["*"], platforms: ["linux/amd64"] })).rejects.toThrow(/\[ARGUMENT_INVALID\].*newDigest/)
    expect(await at.requests()).toEqual([])
  })
})

describe("config-import", () => {
  const regsync = `version: 1
sync: [{ source: docker.io/library/alpine, target: reg.example/alpine, type: repository, tags: { allow: ["3"] } }]
`
  const imported = async (tool: string, text: string, more = {}) => {
    await writeFile(join(folder, "given.yml"), text)
    return runConfigImport(emptyState, {
      tool,
      file: fileOf(join(folder, "given.yml")),
      target: "",
      scoped: false,
      ...more,
    })
  }

  it("writes a fleet file beside its result, with what has no counterpart", async () => {
    const { yaml, json } = await imported("regsync", regsync.replace("type:", "wonder: 1, type:"))
    const files = await results()
    expect(files).toMatchObject({ "cssc.yaml": yaml, "result.json": json })
    expect(parseFleet(yaml).entries).toHaveLength(1)
    expect(JSON.parse(json)).toMatchObject({ schema: "https://cssc.dev/import/v1", valid: true, mirrors: 1 })
    expect(files["summary.md"]).toContain("wonder")
  })

  it("takes skopeo's file with its own arguments", async () => {
    const text = "docker.io: { images: { library/alpine: ['3'] } }"
    const plain = await imported("skopeo-sync", text, { target: "reg.example/in" })
    const scoped = await imported("skopeo-sync", text, { target: "reg.example/in", scoped: true })
    const targets = [plain, scoped].map(({ yaml }) => parseFleet(yaml).entries.map(({ target }) => target.repository))
    expect(targets).toEqual([["in/alpine"], ["in/docker.io/library/alpine"]])
  })

  it("refuses another tool's file, and what is no file of that tool, by name", async () => {
    await expect(imported("helm", regsync)).rejects.toThrow('[ARGUMENT_INVALID] "helm" is not regsync or skopeo-sync')
    await expect(imported("regsync", "sync: 3")).rejects.toThrow(/^\[\w+\] .*given\.yml/)
    expect((await readdir(folder)).filter((name) => name.startsWith("cssc-"))).toEqual([])
  })
})

describe("a fleet's results in shards", () => {
  const digest = aDigest("one")
  const promotion = (name: string, image: typeof passing) => ({
    ...{ tag: "1", outcome: image.outcome, verdict: image.verdict, digest, tagged: image === passing },
    ...{ source: `q.example/${name}:1@${digest}`, target: `g.example/${name}:1`, evidence: [], carried: [] },
  })
  const shardOf = (shard: string, name: string, image: typeof passing) => {
    const ends = { kind: "promotion", source: `q.example/${name}`, target: `g.example/${name}` }
    return {
      document: fleetDocument({
        schema: "https://cssc.dev/fleet/v1",
        config: { source: "cssc.yaml", digest, entries: 2, policy: digest },
        shard,
        entries: [{ ...ends, outcome: "selected", listed: 1, images: 1 }],
        images: [{ ...ends, source: `${ends.source}:1`, target: `${ends.target}:1`, outcome: image.outcome, digest }],
        requests: {},
      }),
      run: { schema: "https://cssc.dev/run/v1", ...ends, tags: [promotion(name, image)] },
    }
  }
  const write = async (path: string, value: unknown) => {
    await mkdir(join(folder, path, ".."), { recursive: true })
    await writeFile(join(folder, path), toJson(value))
  }
  const shards = [shardOf("1/2", "good", passing), shardOf("2/2", "bad", blocked)] as const

  /** As `merge … results export` writes it. */
  const exported = async (at: string) => {
    for (const [place, { document, run }] of shards.entries()) {
      await write(`shards/${place}/result.json`, document)
      await write(`shards/${place}/runs/${run.target}/result.json`, run)
      await write(`shards/${place}/runs/${run.target}/tags/1/verdict.json`, {})
      await write(`${at}/runs/${run.target}/result.json`, run)
    }
    await write(`${at}/runs/g.example/bad/tags/1/assessment.json`, blocked.assessment)
    const merged = await runMerge(emptyState, folderDirectory(join(folder, "shards")))
    await writeFile(join(folder, at, "result.json"), merged.json)
    return merged
  }

  it("are found by merge among those of their runs, and stop a job by what was blocked", async () => {
    const merged = await exported("merged")
    expect(merged.passed).toBe(false)
    const check = runCheck(folderDirectory(join(folder, "merged")))
    await expect(check).rejects.toThrow(/\[GATE_BLOCKED\] 1 of 2 did not pass: g\.example\/bad:1: blocked/)
  })

  it("are a report in every format, with verdicts and findings, and one point of the trend", async () => {
    await exported("merged")
    const read = readReport(await readTexts(folderDirectory(join(folder, "merged"))))
    expect(read.images.map(({ name, verdict }) => [name, verdict?.passed])).toEqual([
      ["q.example/bad:1", false],
      ["q.example/good:1", true],
    ])
    const documents = reportDocuments({ ...read, generatedAt })
    expect(documents["results.sarif"]).toContain("CVE-2026-1")
    expect(documents["report.html"]).toContain("acquired: 2; judged: 2; passed: 1; promoted: 1")
    const earlier = await readEarlierFiles(folderDirectory(folder))
    const own = earlier.find(({ name }) => name === "merged/result.json")
    expect(own?.runs).toHaveLength(2)
  })

  it("are events of each promotion, once", async () => {
    await exported("merged")
    const events = eventsOf(await readResults(folderDirectory(join(folder, "merged"))))
    expect(new Set(events.map(({ id }) => id)).size).toBe(events.length)
    const told = events.filter(({ type }) => /promoted|blocked/.test(type)).map(({ type }) => type)
    expect(told).toEqual(["dev.cssc.image.blocked.v1", "dev.cssc.image.promoted.v1"])
  })

  it("that were edited, or have runs of another fleet beside them, are refused by all", async () => {
    const { json } = await exported("merged")
    const merged = folderDirectory(join(folder, "merged"))
    await write("merged/runs/g.example/bad/result.json", { ...shards[1].run, tags: [promotion("bad", passing)] })
    await expect(readResults(merged)).rejects.toThrow(
      /\[REPORT_INVALID\] runs\/ is of another fleet: g\.example\/bad:1/,
    )
    expect(() => readReport({ assessments: new Map() })).toThrow(/REPORT_INVALID/)
    const texts = await readTexts(merged)
    expect(() => readReport(texts)).toThrow(/\[REPORT_INVALID\] runs\/ is of another fleet/)
    await write("merged/result.json", { ...JSON.parse(json), failures: [], passed: true })
    await expect(runCheck(merged)).rejects.toThrow(/\[REPORT_INVALID\] result\.json contradicts itself/)
    await write("shards/1/result.json", { ...shards[1].document, failures: [], passed: true })
    const again = runMerge(emptyState, folderDirectory(join(folder, "shards")))
    await expect(again).rejects.toThrow(/\[REPORT_INVALID\] 1\/result\.json contradicts itself: g\.example\/bad:1/)
  })
})
