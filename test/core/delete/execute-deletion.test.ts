import { describe, expect, it } from "vitest"
import { executeDeletion } from "../../../core/delete/execute-deletion.js"
import { planDeletion } from "../../../core/delete/plan-deletion.js"
import { CsscError, type ErrorCode } from "../../../core/errors.js"
import { type Digest } from "../../../core/oci/digest.js"
import { anInput, d, named, tags, versionsOf, withTags } from "./deletion-builders.js"

const whole = ["signature", "sbom", "scan", "image", "amd64", "arm64"]

/** A registry that deletes by digest and refuses some digests with an error. */
function aRegistry(refusals: Record<string, [ErrorCode, string]> = {}) {
  const asked: string[] = []
  const deleteManifest = (digest: Digest) => {
    asked.push(named(digest))
    const refusal = refusals[named(digest)] ?? refusals["all"]
    return refusal === undefined ? Promise.resolve() : Promise.reject(new CsscError(...refusal))
  }
  return { asked, deleteManifest }
}

describe("executeDeletion", () => {
  it("deletes in the plan's order and says what went", async () => {
    const registry = aRegistry()
    const result = await executeDeletion(planDeletion(anInput()), registry)
    expect(registry.asked).toEqual(whole)
    expect(result.status).toBe("deleted")
    expect(result.deleted.map(({ digest }) => named(digest))).toEqual(whole)
    expect(result.deleted[3]).toEqual({ digest: d("image"), tag: "1.0" })
  })

  it("counts what is already gone as deleted", async () => {
    const registry = aRegistry({ scan: ["REGISTRY_NOT_FOUND", "no such manifest"] })
    expect(await executeDeletion(planDeletion(anInput()), registry)).toMatchObject({ status: "deleted", kept: [] })
  })

  it.each(["DELETE answered 405", "response status code 400: unsupported: The operation is unsupported."])(
    "says that the registry allows no deletion and asks once: %s",
    async (text) => {
      const registry = aRegistry({ all: ["DELETION_UNSUPPORTED", text] })
      const result = await executeDeletion(planDeletion(anInput()), registry)
      expect(result).toMatchObject({ status: "failed", deleted: [] })
      expect(result.reason).toMatch(/^the registry does not allow deletion/)
      expect(registry.asked).toEqual(["signature"])
      expect(result.kept.map(({ digest }) => named(digest))).toEqual(whole)
    },
  )

  it("keeps the image when a piece of its evidence cannot be deleted", async () => {
    const registry = aRegistry({ scan: ["REGISTRY_UNAVAILABLE", "it answered 503"] })
    const result = await executeDeletion(planDeletion(anInput()), registry)
    expect(result).toMatchObject({ status: "failed", reason: "it answered 503" })
    expect(registry.asked).toEqual(["signature", "sbom", "scan"])
    expect(result.deleted.map(({ digest }) => named(digest))).toEqual(["signature", "sbom"])
    expect(result.kept.map(({ digest, why }) => [named(digest), why])).toEqual([
      ["scan", "it answered 503"],
      ["image", "not tried, since an earlier step failed"],
      ["amd64", "not tried, since an earlier step failed"],
      ["arm64", "not tried, since an earlier step failed"],
    ])
  })

  it("keeps the platforms when the image cannot be deleted", async () => {
    const registry = aRegistry({ image: ["REGISTRY_UNAUTHORIZED", "no right"] })
    expect(await executeDeletion(planDeletion(anInput()), registry)).toMatchObject({ status: "failed" })
    expect(registry.asked).toEqual(["signature", "sbom", "scan", "image"])
  })

  it("tries every platform once the image is gone, and names those that stay", async () => {
    const registry = aRegistry({ amd64: ["REGISTRY_REFUSED", "in use"] })
    const result = await executeDeletion(planDeletion(anInput()), registry)
    expect(result).toMatchObject({ status: "deleted", kept: [{ digest: d("amd64"), why: "in use" }] })
    expect(registry.asked).toEqual(whole)
  })

  it("asks for nothing when the plan skips or finds nothing", async () => {
    const registry = aRegistry()
    const shared = planDeletion(anInput({ repository: withTags({ tag: "latest", digest: d("image") }) }))
    expect(await executeDeletion(shared, registry)).toMatchObject({ status: "skipped", deleted: [] })
    const absent = planDeletion(anInput({ target: { digest: d("image"), tag: "9.9" } }))
    expect(await executeDeletion(absent, registry)).toMatchObject({ status: "deleted", deleted: [] })
    expect(registry.asked).toEqual([])
  })

  it("deletes tags and versions by their own ways, and says when there is none", async () => {
    const byTag = planDeletion(anInput({ repository: { kind: "tag", tags } }))
    const byVersion = planDeletion(anInput({ repository: { kind: "version", versions: versionsOf() } }))
    const gone: unknown[] = []
    const note = (name: unknown) => Promise.resolve(void gone.push(name))
    const ways = { ...aRegistry(), deleteTag: note, deleteVersion: note }
    await executeDeletion(byTag, ways)
    await executeDeletion(byVersion, ways)
    expect(gone).toEqual(["1.0", 5, 4, 6, 1, 2, 3])
    for (const plan of [byTag, byVersion]) {
      const result = await executeDeletion(plan, aRegistry())
      expect(result).toMatchObject({ status: "failed", reason: expect.stringContaining("no way to delete") as string })
    }
  })

  it("does not throw for an error of another kind", async () => {
    const deleteManifest = () => Promise.reject(new Error("socket hang up"))
    const result = await executeDeletion(planDeletion(anInput()), { deleteManifest })
    expect(result).toMatchObject({ status: "failed", reason: "socket hang up" })
  })
})
