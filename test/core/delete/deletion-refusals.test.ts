import { describe, expect, it } from "vitest"
import { planDeletion } from "../../../core/delete/plan-deletion.js"
import { anInput, d, fallbackTag, manifests, withTags } from "./deletion-builders.js"

describe("planDeletion refuses", () => {
  const skipped = (code: string, words: RegExp) => ({
    kind: "skip",
    code,
    reason: expect.stringMatching(words) as string,
  })

  it("when another tag shares the digest", () => {
    const repository = withTags({ tag: "latest", digest: d("image") })
    expect(planDeletion(anInput({ repository }))).toMatchObject(skipped("shared-tag", /also has tag latest/))
  })

  it("when the history tag points to the digest", () => {
    const repository = withTags({ tag: "mirror-history", digest: d("image") })
    expect(planDeletion(anInput({ repository }))).toMatchObject(skipped("shared-tag", /mirror-history/))
  })

  it("a digest that still has a tag", () => {
    const plan = planDeletion(anInput({ target: { digest: d("image") } }))
    expect(plan).toMatchObject(skipped("shared-tag", /tag 1.0/))
  })

  it("when the digest is a platform of another index", () => {
    const plan = planDeletion(anInput({ target: { digest: d("other-amd64") } }))
    expect(plan).toMatchObject(skipped("listed-by-index", /is listed by index/))
  })

  it("when the tag has moved", () => {
    const plan = planDeletion(anInput({ target: { digest: d("arm64"), tag: "1.0" } }))
    expect(plan).toMatchObject(skipped("tag-moved", /now points to/))
  })

  it.each(["mirror-history", fallbackTag("image"), `${fallbackTag("image")}.att`])("the reserved tag %s", (tag) => {
    expect(planDeletion(anInput({ target: { digest: d("history"), tag } }))).toMatchObject({ code: "reserved-tag" })
  })

  it("when something else still needs the digest", () => {
    const plan = planDeletion(anInput({ needed: [{ digest: d("image"), why: "it is being promoted" }] }))
    expect(plan).toMatchObject(skipped("still-needed", /being promoted/))
  })

  it("evidence of an image that stays", () => {
    const repository = withTags({ tag: "sbom", digest: d("sbom") })
    const plan = planDeletion(anInput({ repository, target: { digest: d("sbom"), tag: "sbom" } }))
    expect(plan).toMatchObject(skipped("still-needed", /is evidence of/))
  })

  it("nothing for the sake of an image that is gone", () => {
    const repository = withTags({ tag: "orphan", digest: d("orphan") })
    const nodes = [...manifests, { digest: d("orphan"), subject: d("deleted long ago") }]
    const plan = planDeletion(anInput({ repository, manifests: nodes, target: { digest: d("orphan"), tag: "orphan" } }))
    expect(plan.kind).toBe("delete")
  })

  it("when a tagged manifest was not read: it could be an index that lists the image", () => {
    const repository = withTags({ tag: "3.0", digest: d("unread") })
    expect(planDeletion(anInput({ repository }))).toMatchObject(skipped("unread-manifest", /tag 3.0/))
    expect(planDeletion(anInput({ manifests: manifests.slice(1) }))).toMatchObject({ code: "unread-manifest" })
  })
})
