// A fleet over real registries: what is planned is done, done again it writes nothing, and each failure is one image's.
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { readHistory } from "../../core/acquire/history.js"
import { parseFleet } from "../../core/fleet/config/parse-fleet.js"
import { mergeDocuments } from "../../core/fleet/document/merge-documents.js"
import { inShard } from "../../core/fleet/shard/shard.js"
import { toJson } from "../../dagger/session/result-files.js"
import { imagesLayout, pushLayout } from "../support/parts.js"
import { newRegistry, refer, tagDigest, writesOf } from "../support/promotion.js"
import { startRegistry, type TestRegistry } from "../support/registry.js"
import { applied, ends, planned, pushTags } from "./fleet-world.js"
import { logged } from "./mirror-world.js"

describe.each(["api", "distribution"] as const)("a fleet on %s", (kind) => {
  let [from, to] = [] as unknown as [TestRegistry, TestRegistry]
  beforeEach(async () => {
    ;[from, to] = await Promise.all([startRegistry(kind), startRegistry(kind)])
  })
  afterEach(() => Promise.all([from.stop(), to.stop()]))
  const forget = () => Promise.all([from.resetRequests(), to.resetRequests()])
  const mirrorOf = (app: string, more = "") =>
    `  - { source: "${from.address}/${app}", target: "${to.address}/${app}"${more} }`
  const file = (...mirrors: string[]) => `version: 1\nmirrors:\n${mirrors.join("\n")}\n`

  // By the registry's port the hash differs from run to run.
  const appsOfBoth = () => {
    const names = Array.from({ length: 60 }, (_, at) => `app-${at}`)
    const { entries } = parseFleet(file(...names.map((app) => mirrorOf(app))))
    const own = (index: number, number: number) => inShard(entries, { index, count: 2 }).slice(0, number)
    return [...own(1, 2), ...own(2, 3)].map(({ source }) => source.repository)
  }

  it("plans what it then does, and done again asks each side once for each tag and writes nothing", async () => {
    await pushTags(from, "one", ["1.0", "1.1", "2.0"])
    await pushTags(from, "two", ["a"])
    const text = file(mirrorOf("one", `, tags: { semver: "<2" }`), mirrorOf("two"))
    await forget()
    const plan = await planned(text)
    expect(ends(plan)).toEqual({ "one:1.0": "copy", "one:1.1": "copy", "two:a": "copy" })
    expect(await writesOf(to)).toEqual([])
    const lines: string[] = []
    const first = await applied(text, { lines })
    expect(ends(first)).toEqual({ "one:1.0": "copied", "one:1.1": "copied", "two:a": "copied" })
    expect(first.passed).toBe(true)
    expect(lines.map((line) => line.split(" ")[0]).sort()).toEqual(["1/3", "2/3", "3/3"])
    expect(lines.every((line) => / copied 127\.0\.0\.1:\d+\/(one|two):/.test(line))).toBe(true)
    expect(await tagDigest(to, "one:1.1")).toBe(await tagDigest(from, "one:1.1"))

    await forget()
    const second = await applied(text)
    expect(ends(second)).toEqual({ "one:1.0": "unchanged", "one:1.1": "unchanged", "two:a": "unchanged" })
    expect([await logged(from), await logged(to)]).toEqual([{ HEAD: 3, GET: 2 }, { HEAD: 3 }])
    expect(ends(await planned(text))).toEqual({ "one:1.0": "none", "one:1.1": "none", "two:a": "none" })
  })

  it("brings new attachments of unchanged images only when they are asked for", async () => {
    await pushTags(from, "one", ["1"])
    const always = file(mirrorOf("one", ", referrers: always"))
    await applied(file(mirrorOf("one", ", referrers: never")))
    expect(ends(await applied(file(mirrorOf("one"))))).toEqual({ "one:1": "unchanged" })
    expect(ends(await planned(always))).toEqual({ "one:1": "look" })
    expect(ends(await applied(always))).toEqual({ "one:1": "completed" })
    await forget()
    expect(ends(await applied(always))).toEqual({ "one:1": "unchanged" })
    expect(await writesOf(to)).toEqual([])
  })

  it("goes on when a registry is dead, a tag is refused and a pattern is misspelt, and lists all three", async () => {
    await pushTags(from, "one", ["1", "2"])
    await to.fault({ status: 403, match: { method: "PUT", pathRegex: "/v2/one/manifests/2$" } })
    const dead = `  - { source: "127.0.0.1:9/gone", target: "${to.address}/gone" }`
    const text = file(mirrorOf("one", `, tags: { glob: ["1", "2", "3*"] }`), dead, mirrorOf("nothing"))
    const result = await applied(text)
    expect(ends(result)).toEqual({ "one:1": "copied", "one:2": "failed" })
    expect(result.passed).toBe(false)
    const failures = result.failures.map(({ target, outcome, why }) => [target.split("/")[1], outcome, why])
    expect(failures).toEqual([
      ["gone", "failed", expect.stringContaining("[REGISTRY_UNREACHABLE]")],
      ["nothing", "missing", expect.stringContaining("knows no repository")],
      ["one", "nothing-matched", "3*: none of the 2 image tags is that"],
      ["one:2", "failed", expect.stringMatching(/^\[REGISTRY_/)],
    ])
    expect(await tagDigest(to, "one:2")).toBeUndefined()
    await to.clearFaults()
    const accepted = file(
      mirrorOf("one", `, tags: { glob: ["3*"] }, allow-missing: true`),
      mirrorOf("nothing", ", allow-missing: true"),
    )
    expect(await applied(accepted)).toMatchObject({ passed: true, failures: [], images: [] })
  })

  it("in shards, put together, is the whole", async () => {
    const apps = appsOfBoth()
    for (const app of apps) await pushTags(from, app, ["1"])
    const text = file(...apps.map((app) => mirrorOf(app)))
    const shards = ["1/2", "2/2"]
    const shardFiles = async (work: typeof planned) => {
      const documents = []
      for (const shard of shards) documents.push(await work(text, { shard }))
      expect(documents.map(({ images }) => images.length)).toEqual([2, 3])
      return documents.map((document, at) => ({ name: `${at}/result.json`, text: toJson(document) }))
    }
    const timeless = (document: object) => toJson({ ...document, requests: {} })
    const plan = timeless(await planned(text))
    expect(timeless(mergeDocuments(await shardFiles(planned)))).toBe(plan)
    const merged = mergeDocuments(await shardFiles(applied))
    expect(merged.totals).toEqual({ copied: apps.length })
    expect(toJson(mergeDocuments(await shardFiles(applied)))).toBe(toJson(await applied(text)))
    // Applied in other parts than it was planned or applied before: there is nothing left to do.
    await forget()
    for (const shard of ["1/3", "2/3", "3/3"]) await applied(text, { shard })
    expect(await writesOf(to)).toEqual([])
  })

  it("selects by age, and takes the newest of those alone", async () => {
    const years = { "1.0": "2019", "1.1": "2020", "2.0": "2021", "3.0": String(new Date().getFullYear() - 1) }
    for (const [tag, year] of Object.entries(years))
      await pushTags(from, "one", [tag], {
        annotations: { "org.opencontainers.image.created": `${year}-01-02T03:04:05Z` },
      })
    const aged = (tags: string) => planned(file(mirrorOf("one", `, tags: ${tags}`)))
    expect(ends(await aged("{ age: { max: 900d } }"))).toEqual({ "one:3.0": "copy" })
    expect(ends(await aged("{ newest: 2, age: { min: 900d } }"))).toEqual({ "one:2.0": "copy", "one:1.1": "copy" })
  })

  it("says when nothing tells an age", async () => {
    await pushTags(from, "one", ["1", "2"])
    const aged = (age: string) => file(mirrorOf("one", `, tags: { age: ${age} }`))
    const unknown = await applied(aged("{ max: 5d }"))
    expect(ends(unknown)).toEqual({ "one:1": "unknown-age", "one:2": "unknown-age" })
    expect(unknown.failures.map(({ outcome }) => outcome)).toEqual(["unknown-age", "unknown-age"])
    expect(ends(await planned(aged("{ max: 5d, unknown: exclude }")))).toEqual({})
    expect(ends(await planned(aged("{ max: 5d, unknown: include }")))).toEqual({ "one:1": "copy", "one:2": "copy" })
  })
})

describe("a chain of a fleet", () => {
  let [from, to] = [] as unknown as [TestRegistry, TestRegistry]
  beforeEach(async () => {
    ;[from, to] = await Promise.all([startRegistry("api"), startRegistry("api")])
    const layout = await imagesLayout()
    for (const tag of ["clean", "vulnerable"]) await pushLayout(layout, tag, { registry: from, repository: "app" })
  })
  afterEach(() => Promise.all([from.stop(), to.stop()]))
  const text = (more = "") => `version: 1
mirrors: [{ source: "${from.address}/app", target: "${to.address}/quarantine/app" }]
promotions: [{ source: "${to.address}/quarantine/app", target: "${to.address}/golden/app"${more} }]
`

  it("acquires, judges and promotes in one call, and then writes nothing", async () => {
    expect(ends(await planned(text()))).toEqual({
      "golden/app:clean": "judge",
      "golden/app:vulnerable": "judge",
      "quarantine/app:clean": "copy",
      "quarantine/app:vulnerable": "copy",
    })
    const first = await applied(text())
    expect(ends(first)).toEqual({
      "golden/app:clean": "promote",
      "golden/app:vulnerable": "blocked",
      "quarantine/app:clean": "copied",
      "quarantine/app:vulnerable": "copied",
    })
    expect(first.failures).toMatchObject([{ outcome: "blocked", why: expect.stringMatching(/./) }])
    await to.resetRequests()
    expect(ends(await applied(text()))).toMatchObject({
      "golden/app:clean": "unchanged",
      "golden/app:vulnerable": "blocked",
    })
    expect(await writesOf(to)).toEqual([])
    expect(ends(await applied(text(", judge-again: true")))).toMatchObject({ "golden/app:clean": "unchanged" })
    expect(await writesOf(to)).toEqual([])
  })

  it("empties the quarantine of what was promoted, and acquires it no more", async () => {
    const emptying = text(", delete-source: true")
    expect(ends(await applied(emptying))).toMatchObject({ "golden/app:clean": "promote" })
    expect(await tagDigest(to, "quarantine/app:clean")).toBeUndefined()
    await to.resetRequests()
    expect(ends(await planned(emptying))).toMatchObject({ "quarantine/app:clean": "look", "golden/app:clean": "look" })
    expect(ends(await applied(emptying))).toMatchObject({
      "quarantine/app:clean": "known",
      "golden/app:clean": "not-there",
    })
    expect(await writesOf(to)).toEqual([])
    expect(await newRegistry().tags(refer(to, "golden/app"))).toContain("clean")
  })

  it("promotes nothing that could not be acquired", async () => {
    await to.fault({ status: 403, match: { method: "PUT", pathRegex: "/v2/quarantine/app/manifests/clean$" } })
    const result = await applied(text())
    expect(ends(result)).toMatchObject({ "quarantine/app:clean": "failed", "golden/app:clean": "not-there" })
    expect(await tagDigest(to, "golden/app:clean")).toBeUndefined()
  })
})

describe("many tags of one repository", () => {
  it("share their history: read once, and written together, with every tag in it", async () => {
    const [from, to] = await Promise.all([startRegistry("api"), startRegistry("api")])
    try {
      const tags = Array.from({ length: 24 }, (_, at) => `1.${at}`)
      await pushTags(from, "one", tags)
      const text = `version: 1\nmirrors: [{ source: "${from.address}/one", target: "${to.address}/one", provenance: false }]\n`
      await to.resetRequests()
      expect((await applied(text)).totals).toEqual({ copied: tags.length })
      const history = await readHistory(newRegistry(), refer(to, "one"))
      expect(history.entries.map(({ sourceTag }) => sourceTag).sort()).toEqual(tags.toSorted())
      const asked = (await to.requests()).filter(({ path }) => path.endsWith("/manifests/mirror-history"))
      const writes = asked.filter(({ method }) => method === "PUT").length
      expect(writes).toBeGreaterThan(0)
      expect(writes).toBeLessThan(tags.length)
      expect(asked.filter(({ method }) => method === "GET").length).toBeLessThanOrEqual(1 + writes)
    } finally {
      await Promise.all([from.stop(), to.stop()])
    }
  })
})
