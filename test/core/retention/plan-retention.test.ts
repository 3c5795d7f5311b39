// What retention lets go, and why each other image stays; nothing is read.
import { describe, expect, it } from "vitest"
import type { ManifestNode, TagEntry } from "../../../core/delete/deletion-input.js"
import { type Digest, digestOf } from "../../../core/oci/digest.js"
import { referrersTag } from "../../../core/oci/reserved-tags.js"
import { type Age, ageOf } from "../../../core/retention/ages.js"
import { candidatesOf, planRetention, type RetentionInput } from "../../../core/retention/plan-retention.js"

const day = 24 * 60 * 60 * 1000
const now = new Date("2026-11-26T00:00:00Z")
const at = (days: number) => new Date(now.getTime() - days * day).toISOString()
const came = (days: number): Age => ageOf([{ source: "provenance", time: at(days) }], now)
const digest = (name: string): Digest => digestOf(name)

type Image = { readonly tags: readonly string[]; readonly days?: number; readonly children?: readonly string[] }
type World = Readonly<Record<string, Image>>

/** Each image by a name; all are recorded in the history under all their tags, unless told otherwise. */
function inputOf(world: World, more: Partial<RetentionInput> = {}): RetentionInput {
  const images = Object.entries(world)
  const tags = images.flatMap(([name, one]) => one.tags.map((tag): TagEntry => ({ tag, digest: digest(name) })))
  const manifests = images.flatMap(([name, { children = [] }]): ManifestNode[] => [
    { digest: digest(name), children: children.map(digest) },
  ])
  const ages = images.flatMap(([name, { days }]) => (days === undefined ? [] : [[digest(name), came(days)] as const]))
  return {
    ...{ kind: "manifest", tags, manifests, ages: new Map(ages), olderThan: 30 * day, keepNewest: 0, now },
    recorded: new Map(images.map(([name, one]) => [digest(name), new Set(one.tags)])),
    ...more,
  }
}

const decided = (input: RetentionInput) =>
  Object.fromEntries(planRetention(input).map(({ tags, decision, why }) => [tags.join(" "), `${decision}: ${why}`]))

describe("a plan of retention", () => {
  it("lets go what came longer ago, with all of its tags, and keeps what came since", () => {
    const world = { old: { tags: ["1", "1.0"], days: 31 }, young: { tags: ["2"], days: 30 } }
    expect(decided(inputOf(world))).toEqual({
      "1 1.0": `delete: it came ${at(31)}, and nothing needs it`,
      "2": "keep: it came less than 30d ago",
    })
  })

  it("keeps the newest ones whatever their age, and counts digests, not tags", () => {
    const world = { a: { tags: ["1"], days: 90 }, b: { tags: ["2", "2.0"], days: 80 }, c: { tags: ["3"], days: 70 } }
    const rows = decided(inputOf(world, { keepNewest: 2 }))
    expect(Object.values(rows).filter((row) => row === "keep: it is one of the newest 2")).toHaveLength(2)
    expect(rows["1"]).toMatch(/^delete/)
  })

  it("keeps only the newest ones where no age is asked for", () => {
    const world = { a: { tags: ["1"], days: 2 }, b: { tags: ["2"], days: 1 } }
    const { olderThan: _none, ...input } = inputOf(world, { keepNewest: 1 })
    expect(
      Object.entries(decided(input))
        .map(([tag, row]) => `${tag} ${row.split(":")[0]}`)
        .sort(),
    ).toEqual(["1 delete", "2 keep"])
  })

  it.each([
    ["nobody dated", ageOf([], now), /neither signed acquisition provenance nor the mirror history/],
    ["is dated by no time", ageOf([{ source: "history", time: "soon" }], now), /neither/],
    ["came tomorrow", ageOf([{ source: "history", time: at(-1) }], now), /which is still to come/],
    [
      "came again lately",
      ageOf(
        [came(90), came(1)].flatMap((a) => (a.kind === "known" ? [a.by] : [])),
        now,
      ),
      /less than 30d/,
    ],
  ])("keeps what %s", (_name, age, why) => {
    const input = inputOf({ a: { tags: ["1"] } }, { ages: new Map([[digest("a"), age]]) })
    expect(decided(input)["1"]).toMatch(why)
    expect(candidatesOf(input)).toEqual([])
  })

  it("keeps what the next mirror would bring back: every tag must be in the history", () => {
    const world = { a: { tags: ["1", "mine"], days: 90 } }
    const recorded = new Map([[digest("a"), new Set(["1"])]])
    expect(decided(inputOf(world, { recorded }))["1 mine"]).toMatch(
      /keep: the mirror history does not record it as mine/,
    )
    expect(decided(inputOf(world, { recorded: new Map() }))["1 mine"]).toMatch(/^keep/)
  })

  it("keeps a platform that a young index lists, and lets both go when both are old", () => {
    const world = (days: number): World => ({
      amd64: { tags: ["a-amd64"], days: 90 },
      index: { tags: ["z"], days, children: ["amd64"] },
    })
    expect(decided(inputOf(world(1)))["a-amd64"]).toMatch(/keep: .* is listed by index/)
    const rows = planRetention(inputOf(world(90)))
    expect(rows.map(({ tags, decision }) => `${tags.join()} ${decision}`)).toEqual(["z delete", "a-amd64 delete"])
  })

  it("lets an index go and leaves its platform, which is young by itself", () => {
    const world = { amd64: { tags: ["amd64"], days: 1 }, index: { tags: ["1"], days: 90, children: ["amd64"] } }
    const [row] = planRetention(inputOf(world))
    expect(row).toMatchObject({ tags: ["1"], decision: "delete", goes: [digest("index")] })
    expect(row?.stays).toEqual([{ digest: digest("amd64"), why: "tag amd64 points to it" }])
  })

  it("keeps a tagged attachment of an image that stays, and takes it with one that goes", () => {
    const world = (days: number): World => ({ image: { tags: ["1"], days }, sbom: { tags: ["sbom"], days: 90 } })
    const about = (days: number) => {
      const input = inputOf(world(days))
      const manifests = input.manifests.map((node) =>
        node.digest === digest("sbom") ? { ...node, subject: digest("image") } : node,
      )
      return decided({ ...input, manifests })
    }
    expect(about(1)["sbom"]).toMatch(/keep: .* is evidence of .*, which stays/)
    expect(about(90)).toMatchObject({ "1": expect.stringMatching(/^delete/) })
  })

  it("never takes the history, a listing of referrers, or what is needed by name", () => {
    const world = { a: { tags: ["1"], days: 90 } }
    const reserved = ["mirror-history", referrersTag(digest("x"))].map((tag) => ({ tag, digest: digest(tag) }))
    const input = inputOf(world)
    const rows = planRetention({ ...input, tags: [...input.tags, ...reserved] })
    expect(rows.flatMap(({ tags }) => tags)).toEqual(["1"])
    expect(rows[0]?.goes).toEqual([digest("a")])
    const needed = [{ digest: digest("a"), why: "it is the mirror history" }]
    expect(decided({ ...input, needed })["1"]).toMatch(/keep: .*it is the mirror history/)
  })

  it("keeps all where a manifest was not read that may list them", () => {
    const input = inputOf({ a: { tags: ["1"], days: 90 }, b: { tags: ["2"], days: 1 } })
    const manifests = input.manifests.filter((node) => node.digest !== digest("b"))
    expect(decided({ ...input, manifests })["1"]).toMatch(/keep: tag 2 could not be read/)
  })

  it("lets nothing go that the plan which somebody saw does not name", () => {
    const world = { a: { tags: ["1"], days: 90 }, b: { tags: ["2"], days: 90 } }
    const rows = decided(inputOf(world, { reviewed: new Set([digest("a")]) }))
    expect([rows["1"]?.split(":")[0], rows["2"]]).toEqual(["delete", "keep: the plan that was passed does not name it"])
  })

  it("lets go of tags alone where a registry deletes nothing else", () => {
    const [row] = planRetention(inputOf({ a: { tags: ["1", "2"], days: 90 } }, { kind: "tag" }))
    expect(row).toMatchObject({ decision: "delete", tags: ["1", "2"] })
  })

  it("gives the same plan for any order of what is there", () => {
    const world = { b: { tags: ["2", "x"], days: 90 }, a: { tags: ["1"], days: 90 }, c: { tags: ["3"], days: 1 } }
    const input = inputOf(world)
    const turned = { ...input, tags: [...input.tags].reverse(), manifests: [...input.manifests].reverse() }
    expect(planRetention(turned)).toEqual(planRetention(input))
  })
})
