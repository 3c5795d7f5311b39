// Which tags an entry means, and what is to be done with each image: pure.
import { describe, expect, it } from "vitest"
import type { MirrorEntry, PromotionEntry } from "../../../core/fleet/config/fleet.js"
import { isOfAge } from "../../../core/fleet/plan/image-age.js"
import { type Known, planImage } from "../../../core/fleet/plan/planned.js"
import { MAX_TAGS_OF_ENTRY, selectEntryTags } from "../../../core/fleet/plan/select-entry-tags.js"
import type { SurveyedImage } from "../../../core/fleet/plan/survey.js"
import { aDigest, expectCode } from "../oci/fixture.js"

const at = (repository: string) => ({ registry: "a.example", repository })
const mirror: MirrorEntry = {
  kind: "mirror",
  source: at("from"),
  target: at("to"),
  tags: {},
  allowMissing: false,
  referrers: "with-image",
  history: true,
  provenance: true,
  platforms: [],
  force: false,
}
const promotion: PromotionEntry = {
  ...{ kind: "promotion", source: at("from"), target: at("to"), tags: {}, allowMissing: false },
  ...{ method: "sbom", predicateType: "", deleteSource: false, judgeAgain: false },
}
const [one, two] = [aDigest("one"), aDigest("two")]

describe("selectEntryTags", () => {
  const listed = ["1.0", "1.1", "2.0", "latest", "mirror-history"]
  const select = (tags: MirrorEntry["tags"], age?: MirrorEntry["age"]) =>
    selectEntryTags({ source: at("from"), tags, ...(age === undefined ? {} : { age }) }, listed)

  it("tells a pattern that matches nothing, even when others match", () => {
    expect(select({ glob: ["1.*"] })).toEqual({ tags: ["1.0", "1.1"] })
    expect(select({ glob: ["1.*", "3.*", "4.0"] })).toEqual({
      tags: ["1.0", "1.1"],
      unmatched: "3.*, 4.0: none of the 4 image tags is that",
    })
    expect(select({ regex: "9.*" }).unmatched).toBe("none of the 4 image tags is one that was asked for")
    expect(select({ glob: ["1.*"], exclude: ["*"] }).unmatched).toContain("none of the 4")
  })

  it("leaves the choice of the newest to the ages, when those are asked", () => {
    expect(select({ newest: 1 }).tags).toEqual(["2.0"])
    expect(select({ newest: 1 }, { max: 1, unknown: "fail" }).tags).toEqual(["2.0", "1.1", "1.0"])
  })

  it("excludes by a regular expression too", () => {
    expect(select({ excludeRegex: "[12]\\..*" }).tags).toEqual(["latest"])
  })

  it("refuses more tags than anybody means", () => {
    const many = Array.from({ length: MAX_TAGS_OF_ENTRY + 1 }, (_, index) => `t${index}`)
    expectCode(
      () => selectEntryTags({ source: at("from"), tags: {} }, many),
      "LIMIT_EXCEEDED",
      /10001 tags of a\.example/,
    )
    expect(selectEntryTags({ source: at("from"), tags: {} }, many.slice(1)).tags).toHaveLength(MAX_TAGS_OF_ENTRY)
  })
})

describe("planImage", () => {
  const unknown: Known = { isAcquired: () => false }
  const plan = (entry: MirrorEntry | PromotionEntry, image: Partial<SurveyedImage>, known = unknown) => {
    const { action, why, isDeleted } = planImage(entry, { tag: "1", ...image }, known)
    return [action, why, ...(isDeleted ? ["deleted"] : [])]
  }

  it.each<[string, Partial<MirrorEntry>, Partial<SurveyedImage>, string, string]>([
    ["a new tag", {}, { digest: one }, "copy", "not at the target"],
    ["a tag that moved", {}, { digest: one, targetDigest: two }, "copy", "the tag moved"],
    ["an unchanged tag", {}, { digest: one, targetDigest: one }, "none", "unchanged"],
    [
      "an unchanged tag whose attachments matter",
      { referrers: "always" },
      { digest: one, targetDigest: one },
      "look",
      "unchanged; what is attached is compared",
    ],
    [
      "a choice of platforms",
      { platforms: ["linux/amd64"] },
      { digest: one, targetDigest: two },
      "look",
      "the chosen platforms are compared",
    ],
    ["what could not be read", {}, { error: "[REGISTRY_UNAVAILABLE] x" }, "fail", "[REGISTRY_UNAVAILABLE] x"],
    ["what has no age", {}, { digest: one, isUnknownAge: true }, "fail", "nothing tells when it was made"],
    ["an unchanged tag by force", { force: true }, { digest: one, targetDigest: one }, "copy", "force"],
  ])("mirrors %s", (_, entry, image, action, why) => {
    expect(plan({ ...mirror, ...entry }, image)).toEqual([action, why])
  })

  it("does not bring again what was acquired before, unless the history is off", () => {
    const known = { isAcquired: (tag: string, digest: string) => tag === "1" && digest === one }
    expect(plan(mirror, { digest: one }, known)[0]).toBe("look")
    expect(plan(mirror, { digest: two }, known)[0]).toBe("copy")
    expect(plan({ ...mirror, history: false }, { digest: one }, known)[0]).toBe("copy")
  })

  it.each<[string, Partial<PromotionEntry>, Partial<SurveyedImage>, string[]]>([
    ["a new image", {}, { digest: one }, ["judge", "not promoted"]],
    ["a moved one", {}, { digest: one, targetDigest: two }, ["judge", "the tag moved"]],
    ["a promoted one", {}, { digest: one, targetDigest: one }, ["none", "promoted"]],
    [
      "a promoted one again",
      { judgeAgain: true },
      { digest: one, targetDigest: one },
      ["judge", "promoted; judged again"],
    ],
    [
      "a promoted one that is still there",
      { deleteSource: true },
      { digest: one, targetDigest: one },
      ["judge", "promoted; still at the source", "deleted"],
    ],
    ["one that will come", {}, { digest: one, coming: "surely" }, ["judge", "not promoted"]],
    [
      "one that may come",
      { deleteSource: true },
      { digest: one, coming: "perhaps" },
      ["look", "judged if the mirror brings it", "deleted"],
    ],
  ])("promotes %s", (_, entry, image, expected) => {
    expect(plan({ ...promotion, ...entry }, image)).toEqual(expected)
  })
})

describe("isOfAge", () => {
  const now = new Date("2026-06-10T00:00:00Z")
  const day = 86_400_000
  it.each<[number, { max?: number; min?: number }, boolean]>([
    [1, { max: 2 * day }, true],
    [2, { max: 2 * day }, true],
    [3, { max: 2 * day }, false],
    [3, { min: 3 * day }, true],
    [2, { min: 3 * day }, false],
    [5, { min: 3 * day, max: 4 * day }, false],
  ])("of an image of %i days within %o is %s", (days, range, expected) => {
    expect(isOfAge({ ...range, unknown: "fail" }, now.getTime() - days * day, now)).toBe(expected)
  })
})
