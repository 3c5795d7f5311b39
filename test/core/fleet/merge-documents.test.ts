// Shards put together are what one machine would have found; what is no whole is refused.
import { describe, expect, it } from "vitest"
import { type DocumentParts, type FleetDocument, fleetDocument } from "../../../core/fleet/document/fleet-document.js"
import { hostRequests, sumRequests } from "../../../core/fleet/document/host-requests.js"
import { mergeDocuments } from "../../../core/fleet/document/merge-documents.js"
import { renderFleet } from "../../../core/fleet/document/render-fleet.js"
import { toMarkdown } from "../../../core/page/to-markdown.js"
import { aDigest, expectCode } from "../oci/fixture.js"

const config = { source: "cssc.yaml", digest: aDigest("config"), entries: 3, policy: aDigest("policy") }
const row = (name: string, outcome = "copied") => ({
  ...{ kind: "mirror", source: `a.example/${name}:1`, target: `b.example/${name}:1`, outcome, digest: aDigest(name) },
})
const entry = (name: string) => ({
  ...{ kind: "mirror", source: `a.example/${name}`, target: `b.example/${name}`, outcome: "selected" },
  ...{ listed: 3, images: 1 },
})
const failure = {
  kind: "mirror",
  source: "a.example/z:1",
  target: "b.example/z:1",
  outcome: "failed",
  why: "[TOOL_FAILED] x",
}
const whole: DocumentParts = {
  schema: "https://cssc.dev/fleet/v1",
  config,
  entries: ["x", "y", "z"].map(entry),
  images: [row("x"), row("y", "unchanged"), { ...row("z", "failed"), why: failure.why }],
  requests: { "a.example": { GET: 3, HEAD: 2 }, "b.example": { PUT: 1 } },
}
const part = (shard: string, names: readonly string[], more: Partial<DocumentParts> = {}): FleetDocument => {
  const own = (target: string) => names.some((name) => target.startsWith(`b.example/${name}`))
  const requests = names.includes("x")
    ? { "a.example": { GET: 1, HEAD: 2 } }
    : { "a.example": { GET: 2 }, "b.example": { PUT: 1 } }
  return fleetDocument({
    ...whole,
    shard,
    entries: whole.entries.filter(({ target }) => own(target)),
    images: whole.images.filter(({ target }) => own(target)),
    requests,
    ...more,
  })
}
const merge = (...parts: readonly unknown[]) =>
  mergeDocuments(parts.map((one, at) => ({ name: `${at}/result.json`, text: JSON.stringify(one) })))

describe("mergeDocuments", () => {
  it("gives what one machine would have found, in whatever order the shards come", () => {
    const shards = [part("1/2", ["x"]), part("2/2", ["y", "z"])]
    expect(merge(...shards)).toEqual(fleetDocument(whole))
    expect(JSON.stringify(merge(...shards.toReversed()))).toBe(JSON.stringify(merge(...shards)))
    expect(merge(...shards)).toMatchObject({
      passed: false,
      failures: [failure],
      totals: { copied: 1, unchanged: 1, failed: 1 },
    })
  })

  it("takes a whole fleet as it is, and an empty shard", () => {
    expect(merge(fleetDocument(whole))).toEqual(fleetDocument(whole))
    expect(merge(part("1/2", ["x", "y", "z"]), part("2/2", [])).images).toHaveLength(3)
  })

  it.each<[string, readonly unknown[], RegExp]>([
    ["a missing shard", [part("1/3", ["x"]), part("3/3", ["z"])], /shard 2\/3 is missing/],
    [
      "a shard twice",
      [part("1/2", ["x"]), part("1/2", ["x"]), part("2/2", ["y"])],
      /shard 1\/2 is there 2 times: 0\/result\.json, 1\/result\.json/,
    ],
    ["another number of shards", [part("1/2", ["x"]), part("2/3", ["y"])], /of 2, 3 shards: run all with one number/],
    ["a whole beside a part", [fleetDocument(whole), part("2/2", ["y"])], /of 1, 2 shards/],
    [
      "another configuration",
      [part("1/2", ["x"]), part("2/2", ["y"], { config: { ...config, digest: aDigest("other") } })],
      /1\/result\.json is of another configuration/,
    ],
    [
      "another policy",
      [part("1/2", ["x"]), part("2/2", ["y"], { config: { ...config, policy: aDigest("other") } })],
      /judged by another policy/,
    ],
    [
      "a plan among applied shards",
      [part("1/2", ["x"]), part("2/2", ["y"], { schema: "https://cssc.dev/plan/v1", images: [] })],
      /of another kind/,
    ],
    [
      "one repository in two shards",
      [part("1/2", ["x"]), part("2/2", ["x", "y"])],
      /b\.example\/x is in 0\/result\.json and in 1\/result\.json/,
    ],
    ["nothing", [], /there is no result\.json/],
    [
      "fewer entries than the configuration has",
      [part("1/2", ["x"]), part("2/2", ["y"])],
      /they have 2 of the 3 entries of the configuration/,
    ],
  ])("refuses %s", (_, parts, why) => {
    expectCode(() => merge(...parts), "ARGUMENT_INVALID", why)
  })

  it("refuses what is no result of a fleet", () => {
    expectCode(() => merge({ schema: "https://cssc.dev/run/v1" }), "REPORT_INVALID")
    expectCode(() => merge({ ...part("1/1", ["x"]), failures: undefined }), "REPORT_INVALID")
  })

  it("refuses a shard that lost its failures or its name, with the file's", () => {
    const silenced = { ...part("2/2", ["y", "z"]), failures: [], passed: true }
    expectCode(() => merge(part("1/2", ["x"]), silenced), "REPORT_INVALID", /1\/result\.json contradicts itself: .*z:1/)
    const { shard: _shard, ...unnamed } = part("1/2", ["x"])
    expectCode(() => merge(unnamed), "REPORT_INVALID", /0\/result\.json .*it has 1 of 3 entries, and is no shard/)
  })
})

describe("fleetDocument", () => {
  it("has the digest of what was found, not of how many requests that took", () => {
    const same = fleetDocument({ ...whole, requests: {}, images: whole.images.toReversed() })
    expect(same.digest).toBe(fleetDocument(whole).digest)
    expect(fleetDocument({ ...whole, images: [] }).digest).not.toBe(same.digest)
  })
})

describe("renderFleet", () => {
  it("tells failures first, then what was done, and folds what is unchanged", () => {
    const told = toMarkdown(renderFleet(fleetDocument(whole)), { now: new Date(0) })
    const order = [
      "Failed (1)",
      "a.example/z:1",
      "Done (1)",
      "b.example/x:1",
      "Unchanged (1)",
      "b.example/y:1",
      "Entries (3)",
      "6 requests",
    ]
    const places = order.map((text) => told.indexOf(text))
    expect(places.every((place) => place >= 0)).toBe(true)
    expect(places).toEqual(places.toSorted((a, b) => a - b))
  })
})

describe("hostRequests", () => {
  it("counts by registry and method", () => {
    const counted = hostRequests([
      { method: "GET", url: "https://a.example/v2/x/tags/list" },
      { method: "GET", url: "https://a.example/v2/y/tags/list" },
      { method: "COPY", url: "https://b.example:5000/v2/x/manifests/1" },
    ])
    expect(counted).toEqual({ "a.example": { GET: 2 }, "b.example:5000": { COPY: 1 } })
    expect(sumRequests([counted, counted])["a.example"]).toEqual({ GET: 4 })
  })
})
