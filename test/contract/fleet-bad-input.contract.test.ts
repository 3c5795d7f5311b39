// What may be wrong around a fleet: registries that never end, clocks that jump, more tags than anybody means, and shards
// of other numbers and files. Each has a name, and costs the images that it concerns.
import { createServer, type RequestListener, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import pLimit from "p-limit"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import type { FleetDocument } from "../../core/fleet/document/fleet-document.js"
import { mergeDocuments } from "../../core/fleet/document/merge-documents.js"
import { MAX_TAGS_OF_ENTRY } from "../../core/fleet/plan/select-entry-tags.js"
import { CopyingRegistry } from "../../dagger/containers/copying-registry.js"
import { toJson } from "../../dagger/session/result-files.js"
import { clientAccess } from "../support/host-access.js"
import { HostToolRunner } from "../support/host-tool-runner.js"
import { imagesLayout, pushLayout } from "../support/parts.js"
import { newRegistry, refer, tagDigest, writesOf } from "../support/promotion.js"
import { startRegistry, type TestRegistry } from "../support/registry.js"
import { noRetry } from "../support/retries.js"
import { applied, ends, planned, pushTags } from "./fleet-world.js"

let [from, to] = [] as unknown as [TestRegistry, TestRegistry]
const servers: Server[] = []
beforeEach(async () => {
  ;[from, to] = await Promise.all([startRegistry("api"), startRegistry("api")])
})
afterEach(async () => {
  for (const server of servers.splice(0)) server.close().closeAllConnections()
  await Promise.all([from.stop(), to.stop()])
})

const mirror = (source: string, name: string, more = "") =>
  `  - { source: "${source}", target: "${to.address}/${name}"${more} }`
const file = (...mirrors: string[]) => `version: 1\nmirrors:\n${mirrors.join("\n")}\n`

async function listening(answer: RequestListener): Promise<string> {
  const server = createServer(answer)
  servers.push(server)
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done))
  return `127.0.0.1:${(server.address() as AddressInfo).port}`
}

describe("a registry that answers slowly for ever", () => {
  const patience = { silence: 400, total: 1500, stretch: 200, bytes: 1000 }
  const patient = () => new CopyingRegistry(new HostToolRunner(), clientAccess(), noRetry, { patience })
  const drip: RequestListener = (_, response) => {
    const dripping = setInterval(() => response.write(" "), 20)
    response.on("close", () => clearInterval(dripping))
  }
  const listing: RequestListener = (request, response) => {
    if (request.url?.endsWith("/tags/list") === true) response.end(JSON.stringify({ name: "x", tags: ["1", "2"] }))
  }

  it.each([
    ["its listing", drip, [["slow", "failed"]]],
    [
      "each of its manifests",
      listing,
      [
        ["slow:1", "failed"],
        ["slow:2", "failed"],
      ],
    ],
  ] as const)("with %s costs its own images alone", async (_, answer, failed) => {
    const slow = await listening(answer)
    await pushTags(from, "good", ["1", "2"])
    const text = file(mirror(`${slow}/x`, "slow"), mirror(`${from.address}/good`, "good"))
    const result = await applied(text, { operation: { registry: patient() } })
    expect(ends(result)).toMatchObject({ "good:1": "copied", "good:2": "copied" })
    expect(result.failures.map(({ target, outcome }) => [target.split("/")[1], outcome])).toEqual(failed)
    for (const { why } of result.failures) expect(why).toContain("[REGISTRY_TOO_SLOW]")
    expect(await tagDigest(to, "good:2")).toBe(await tagDigest(from, "good:2"))
  })
})

describe("a clock that jumps", () => {
  const day = 24 * 60 * 60 * 1000
  /** A year ahead, a year back, and so on, at every look. */
  const jumping = () => {
    let looks = 0
    return { now: () => new Date(Date.now() + (looks++ % 2 === 0 ? 0 : looks % 4 === 0 ? 365 : -365) * day) }
  }

  it("lets a fleet end, whose next run with a steady one has nothing left to do", async () => {
    const layout = await imagesLayout()
    for (const tag of ["clean", "vulnerable"]) await pushLayout(layout, tag, { registry: from, repository: "app" })
    const text = `version: 1
mirrors: [{ source: "${from.address}/app", target: "${to.address}/quarantine/app" }]
promotions: [{ source: "${to.address}/quarantine/app", target: "${to.address}/golden/app" }]
`
    const result = await applied(text, { operation: jumping() })
    expect(ends(result)).toMatchObject({ "quarantine/app:clean": "copied", "golden/app:vulnerable": "blocked" })
    const steady = await applied(text)
    expect(ends(steady)["golden/app:clean"]).toMatch(/^(promote|unchanged)$/)
    await to.resetRequests()
    expect(ends(await applied(text))).toMatchObject({
      "golden/app:clean": "unchanged",
      "golden/app:vulnerable": "blocked",
      "quarantine/app:clean": "unchanged",
    })
    expect(await writesOf(to)).toEqual([])
  })

  it("judges the ages of one plan by one time", async () => {
    const tags = Array.from({ length: 8 }, (_, at) => `${at}`)
    const created = new Date(Date.now() - 100 * day).toISOString()
    await pushTags(from, "aged", tags, { annotations: { "org.opencontainers.image.created": created } })
    const text = file(mirror(`${from.address}/aged`, "aged", `, tags: { age: { max: 200d } }`))
    expect(Object.keys(ends(await planned(text, { operation: jumping() })))).toHaveLength(tags.length)
  })
})

describe("more tags than anybody means", () => {
  it("are refused by name before one of them is asked about, and a choice among them is taken", async () => {
    await pushTags(from, "huge", ["0"])
    const registry = newRegistry()
    const at = refer(from, "huge")
    const content = (await registry.manifest({ ...at, tag: "0" })) ?? ""
    const { mediaType } = JSON.parse(content) as { mediaType: string }
    const limit = pLimit(32)
    const others = Array.from({ length: MAX_TAGS_OF_ENTRY }, (_, number) => `${number + 1}`)
    await Promise.all(others.map((tag) => limit(() => registry.putManifest(at, content, mediaType, tag))))
    await pushTags(from, "good", ["1"])
    await from.resetRequests()
    const all = mirror(`${from.address}/huge`, "all")
    const some = mirror(`${from.address}/huge`, "some", `, tags: { glob: ["999?"] }`)
    const plan = await planned(file(all, some, mirror(`${from.address}/good`, "good")))
    expect(plan.failures).toMatchObject([
      {
        target: `${to.address}/all`,
        outcome: "failed",
        why: expect.stringMatching(/^\[LIMIT_EXCEEDED\] 10001 tags of/),
      },
    ])
    expect(plan.totals).toEqual({ copy: 11 })
    expect((await from.requests()).filter(({ method }) => method === "HEAD")).toHaveLength(11)
  })
})

describe("shards of other numbers and files", () => {
  const apps = ["a", "b", "c", "d", "e"]
  const of = (shards: number) => Array.from({ length: shards }, (_, at) => `${at + 1}/${shards}`)
  const text = (more = "") => file(...apps.map((app) => mirror(`${from.address}/${app}`, app, more)))
  const named = (documents: readonly object[]) =>
    documents.map((document, at) => ({ name: `${at}/result.json`, text: toJson(document) }))

  it("do what was planned in another number of them, and nothing twice", async () => {
    for (const app of apps) await pushTags(from, app, ["1"])
    const plans: FleetDocument[] = []
    for (const shard of of(2)) plans.push(await planned(text(), { shard }))
    const plan = mergeDocuments(named(plans))
    const results: FleetDocument[] = []
    for (const shard of of(3)) results.push(await applied(text(), { shard }))
    const result = mergeDocuments(named(results))
    expect(result.images.map(({ target }) => target)).toEqual(plan.images.map(({ target }) => target))
    expect(result).toMatchObject({ passed: true, totals: { copied: apps.length } })
    expect(() => mergeDocuments(named([...plans, ...results]))).toThrow(/ARGUMENT_INVALID.*of another kind/)
    const mixed = named([await applied(text(), { shard: "1/2" }), results[1] ?? {}, results[2] ?? {}])
    expect(() => mergeDocuments(mixed)).toThrow(/\[ARGUMENT_INVALID\].*of 2, 3 shards: run all with one number/)
  })

  it("of a file that changed in between are refused, with the file's name", async () => {
    for (const app of apps) await pushTags(from, app, ["1"])
    const first = await applied(text(), { shard: "1/2" })
    const second = await applied(text(", history: false"), { shard: "2/2" })
    const merge = () => mergeDocuments(named([first, second]))
    expect(merge).toThrow(/\[ARGUMENT_INVALID\].*1\/result\.json is of another configuration than 0\/result\.json/)
  })
})
