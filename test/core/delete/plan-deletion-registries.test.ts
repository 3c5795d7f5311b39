import { describe, expect, it } from "vitest"
import { planDeletion } from "../../../core/delete/plan-deletion.js"
import { anInput, d, fallback, fallbackTag, gone, kept, manifests, tags, versionsOf } from "./deletion-builders.js"

describe("planDeletion on GHCR", () => {
  const ghcr = (all = tags) => ({ kind: "version" as const, versions: versionsOf(all) })

  it("deletes versions by id", () => {
    const plan = planDeletion(anInput({ repository: ghcr() }))
    expect(gone(plan)).toEqual(["signature", "sbom", "scan", "image", "amd64", "arm64"])
    expect(plan.kind === "delete" && plan.steps[3]).toEqual({
      kind: "version",
      role: "image",
      id: 1,
      digest: d("image"),
      tag: "1.0",
    })
  })

  it("touches nothing when only a package deletion would remove the last tag", () => {
    const own = [{ tag: "1.0", digest: d("image") }]
    const evidence = { tag: fallbackTag("image"), digest: d("fallback") }
    for (const all of [own, [...own, evidence]]) {
      const versions = versionsOf(all)
      const nodes = manifests.filter(({ digest }) => digest !== d("other"))
      const plan = planDeletion(anInput({ repository: { kind: "version", versions }, manifests: nodes }))
      expect(plan).toMatchObject({ kind: "skip", code: "last-tagged-version" })
    }
  })

  it("deletes the last image beside the history, which stays", () => {
    const plan = planDeletion(anInput({ repository: ghcr(tags.filter(({ tag }) => tag !== "2.0")) }))
    expect(gone(plan)).toContain("image")
    expect(gone(plan)).not.toContain("history")
  })

  it("does not delete the last version of a package without tags", () => {
    const versions = [{ id: 1, digest: d("image"), tags: [] }]
    const plan = planDeletion({ target: { digest: d("image") }, repository: { kind: "version", versions }, manifests })
    expect(plan).toMatchObject({ kind: "skip", code: "last-tagged-version" })
  })

  it("leaves out what is gone already", () => {
    const versions = versionsOf().filter(({ digest }) => digest !== d("scan"))
    expect(gone(planDeletion(anInput({ repository: { kind: "version", versions } })))).not.toContain("scan")
    expect(planDeletion(anInput({ repository: { kind: "version", versions: [] } })).kind).toBe("gone")
  })
})

describe("planDeletion where only tags can be deleted", () => {
  const hub = (...more: typeof tags) => ({ kind: "tag" as const, tags: [...tags, ...more] })

  it("deletes the tag and the image's evidence tags, and says what stays", () => {
    const repository = hub({ tag: fallbackTag("image"), digest: d("fallback") })
    const plan = planDeletion(anInput({ repository, manifests: [...manifests, fallback] }))
    expect(plan.kind === "delete" && plan.steps.map(({ kind, tag }) => [kind, tag])).toEqual([
      ["tag", fallbackTag("image")],
      ["tag", "1.0"],
    ])
    expect(kept(plan)).toContainEqual(["amd64", "this registry deletes tags only"])
  })

  it("removes one of two tags of a digest and no evidence", () => {
    const repository = hub({ tag: "latest", digest: d("image") }, { tag: fallbackTag("image"), digest: d("fallback") })
    const plan = planDeletion(anInput({ repository, manifests: [...manifests, fallback] }))
    expect(plan.kind === "delete" && plan.steps.map(({ tag }) => tag)).toEqual(["1.0"])
  })
})
