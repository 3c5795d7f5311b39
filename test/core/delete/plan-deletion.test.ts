import { describe, expect, it } from "vitest"
import { maxDeletionManifests } from "../../../core/delete/deletion-input.js"
import { planDeletion } from "../../../core/delete/plan-deletion.js"
import { parseDigest } from "../../../core/oci/digest.js"
import { retiredTag } from "../../../core/oci/reserved-tags.js"
import { anInput, d, fallback, fallbackTag, gone, kept, manifests, withTags } from "./deletion-builders.js"

describe("planDeletion", () => {
  it("deletes evidence from leaf to root, then the image, then the platforms", () => {
    const plan = planDeletion(anInput())
    expect(gone(plan)).toEqual(["signature", "sbom", "scan", "image", "amd64", "arm64"])
    expect(plan).toMatchObject({ kind: "delete", kept: [] })
  })

  it("names the tag at the image's step alone", () => {
    const plan = planDeletion(anInput())
    expect(plan.kind === "delete" && plan.steps.filter((step) => step.tag !== undefined)).toEqual([
      { kind: "manifest", role: "image", digest: d("image"), tag: "1.0" },
    ])
  })

  it("deletes the referrers tags and cosign's tags of what goes, after what they list and before their subject", () => {
    const cosign = { tag: `${fallbackTag("arm64")}.sig`, digest: d("cosign") }
    const repository = withTags({ tag: fallbackTag("image"), digest: d("fallback") }, cosign)
    const plan = planDeletion(anInput({ repository, manifests: [...manifests, fallback] }))
    expect(gone(plan)).toEqual([d("cosign"), "signature", "sbom", "scan", "fallback", "image", "amd64", "arm64"])
  })

  it("finds the evidence tags of a sha512 digest, which are cut to fit", () => {
    const long = parseDigest(`sha512:${"0a".repeat(64)}`)
    const repository = withTags(
      { tag: "long", digest: long },
      { tag: `sha512-${"0a".repeat(32)}.sig`, digest: d("cosign") },
    )
    const input = anInput({
      repository,
      target: { digest: long, tag: "long" },
      manifests: [...manifests, { digest: long }],
    })
    expect(gone(planDeletion(input))).toEqual([d("cosign"), long])
  })

  it("keeps the tombstone of the image: it is evidence, and has a tag of its own", () => {
    const repository = withTags({ tag: retiredTag(d("image")), digest: d("tombstone") })
    const plan = planDeletion(
      anInput({ repository, manifests: [...manifests, { digest: d("tombstone"), subject: d("image") }] }),
    )
    expect(gone(plan)).toEqual(["signature", "sbom", "scan", "image", "amd64", "arm64"])
    expect(plan).toMatchObject({
      kept: [{ digest: d("tombstone"), why: expect.stringContaining("tag retired-sha256-") }],
    })
  })

  it("never deletes a tombstone as an image", () => {
    const target = { digest: d("tombstone"), tag: retiredTag(d("image")) }
    expect(planDeletion(anInput({ target }))).toMatchObject({ kind: "skip", code: "reserved-tag" })
  })

  it("keeps the evidence tags of other images", () => {
    const repository = withTags({ tag: fallbackTag("other"), digest: d("fallback") })
    expect(gone(planDeletion(anInput({ repository })))).not.toContain("fallback")
  })

  it("leaves the evidence when asked to", () => {
    expect(gone(planDeletion(anInput({ referrers: false })))).toEqual(["image", "amd64", "arm64"])
  })

  it("leaves the platforms when asked to, and says so", () => {
    const plan = planDeletion(anInput({ includeChildren: false }))
    expect(gone(plan)).toEqual(["signature", "sbom", "scan", "image"])
    expect(kept(plan)).toHaveLength(2)
  })

  it("keeps a platform that another index lists, with all its evidence", () => {
    const shared = manifests.map((m) => (m.digest === d("other") ? { ...m, children: [d("amd64")] } : m))
    const plan = planDeletion(anInput({ manifests: shared }))
    expect(gone(plan)).toEqual(["scan", "image", "arm64"])
    expect(kept(plan)).toEqual([
      ["amd64", `index ${d("other")} lists it`],
      ["sbom", `it is a referrer of ${d("amd64")}, which stays`],
      ["signature", `it is a referrer of ${d("sbom")}, which stays`],
    ])
  })

  it("keeps a platform, a referrer and an evidence index that a tag points to", () => {
    const repository = withTags(
      { tag: "1.0-arm64", digest: d("arm64") },
      { tag: "reports", digest: d("scan") },
      { tag: fallbackTag("image"), digest: d("fallback") },
      { tag: fallbackTag("other"), digest: d("fallback") },
    )
    const plan = planDeletion(anInput({ repository, manifests: [...manifests, fallback] }))
    expect(gone(plan)).toEqual(["signature", "sbom", "image", "amd64"])
    expect(Object.fromEntries(kept(plan))).toEqual({
      arm64: "tag 1.0-arm64 points to it",
      scan: "tag reports points to it",
      fallback: `tag ${fallbackTag("other")} points to it`,
    })
  })

  it("keeps what the history needs", () => {
    const plan = planDeletion(anInput({ needed: [{ digest: d("scan"), why: "the history names it" }] }))
    expect(kept(plan)).toEqual([["scan", "the history names it"]])
  })

  it("keeps another image that a planted index lists, and evidence of another image", () => {
    const planted = { digest: d("image"), children: [d("amd64"), d("other"), d("foreign")] }
    const foreign = { digest: d("foreign"), subject: d("other") }
    const plan = planDeletion(anInput({ manifests: [planted, foreign, ...manifests.slice(1)] }))
    expect(gone(plan)).toEqual(["signature", "sbom", "scan", "image", "amd64"])
    expect(kept(plan).map(([name]) => name)).toEqual(["other", d("foreign"), "other-amd64"])
  })

  it("does not delete what a lying referrers tag names (GitLab answers with the subject)", () => {
    const repository = withTags(
      { tag: fallbackTag("image"), digest: d("image") },
      { tag: fallbackTag("amd64"), digest: d("other") },
    )
    const plan = planDeletion(anInput({ repository }))
    expect(gone(plan)).toEqual(["signature", "sbom", "scan", "image", "amd64", "arm64"])
    expect(kept(plan)).toEqual([["other", "tag 2.0 points to it"]])
  })

  it("ends on cyclic referrers", () => {
    const cycle = [
      { digest: d("a"), subject: d("b") },
      { digest: d("b"), subject: d("a") },
      { digest: d("image"), children: [d("image")], subject: d("scan") },
    ]
    expect(planDeletion(anInput({ manifests: [...manifests, ...cycle] })).kind).toBe("delete")
  })

  it("refuses a closure that is too large", () => {
    const many = Array.from({ length: maxDeletionManifests }, (_, i) => ({ digest: d(`r${i}`), subject: d("image") }))
    expect(() => planDeletion(anInput({ manifests: [...manifests, ...many] }))).toThrow("[LIMIT_EXCEEDED]")
  })

  it("survives a chain of referrers as long as the limit", () => {
    const chain = Array.from({ length: 4000 }, (_, i) => ({
      digest: d(`r${i}`),
      subject: d(i === 0 ? "image" : `r${i - 1}`),
    }))
    const plan = planDeletion(anInput({ manifests: [...manifests, ...chain] }))
    const order = plan.kind === "delete" ? plan.steps.map(({ digest }) => digest) : []
    expect(order.indexOf(d("r3999"))).toBe(order.indexOf(d("r0")) - 3999)
  })
})
