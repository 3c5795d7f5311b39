// The inventory of a trusted repository: who may be deployed, until when, who not and why, and what nobody knows.
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { createSigner } from "../../core/attestation/signer.js"
import { pin } from "../../core/image/image-graph.js"
import { toMarkdown } from "../../core/page/to-markdown.js"
import { parsePolicy } from "../../core/policy/document/parse-policy.js"
import { attest } from "../../core/promote/attest.js"
import { takeInventory } from "../../core/verify/inventory.js"
import { renderInventory } from "../../core/verify/render-inventory.js"
import { aKey } from "../core/attestation/build-signed.js"
import { anImage } from "../support/build-image.js"
import { lodash } from "../support/build-vex.js"
import { anOperation, context, gateImage, promoteImage, refer } from "../support/promotion.js"
import { pushImage } from "../support/push-image.js"
import { startRegistry, type TestRegistry } from "../support/registry.js"

const key = aKey()
const signing = { ...context, signer: createSigner(key.pem), keys: [{ ...key.publicKey, publisher: "" }] }
const hour = 60 * 60 * 1000
const exception =
  "exceptions: [{package: pkg:npm/lodash, id: CVE-2021-23337, reason: no, owner: jane, expires: 2099-01-01}]"
const lenient = parsePolicy("version: 1\nseverity: CRITICAL\ndatabase: {unknown: report}\n")

describe.each(["api", "distribution"] as const)("the inventory of %s", (kind) => {
  let at: TestRegistry
  beforeAll(async () => {
    at = await startRegistry(kind)
    for (const [tag, policy] of [
      ["old", lenient],
      ["new", lenient],
      ["taken-back", lenient],
    ] as const) {
      await pushImage(at.url, "quarantine/app", tag, anImage({ layers: [tag], sbom: "cyclonedx", packages: [lodash] }))
      const gated = await gateImage(refer(at, `quarantine/app:${tag}`), { policy, context: signing })
      const now = tag === "old" ? new Date(Date.now() - 20 * hour) : undefined
      const judged =
        now === undefined
          ? gated
          : await gateImage(refer(at, `quarantine/app:${tag}`), { policy, context: signing, now })
      await promoteImage(judged, refer(at, `golden/app:${tag}`), { policy, context: signing, ...(now && { now }) })
    }
    const image = await pin(anOperation().registry, refer(at, "golden/app:taken-back"))
    const strict = parsePolicy("version: 1\n")
    const again = await gateImage(image, { policy: strict, context: signing })
    await attest(anOperation({ policy: strict, context: signing }), again)
    await pushImage(at.url, "golden/app", "stranger", anImage({ layers: ["stranger"] }))
  })
  afterAll(() => at.stop())

  const inventory = (more: object = {}) =>
    takeInventory(anOperation({ context: signing }), {
      repository: refer(at, "golden/app"),
      tags: {},
      maxAge: 24 * hour,
      ...more,
    })

  it("tells of every tag whether it may be deployed, and why not", async () => {
    const { rows } = await inventory()
    const told = Object.fromEntries(rows.map(({ tag, state, problems }) => [tag, [state, problems.join("; ")]]))
    expect(told).toEqual({
      new: ["proven", ""],
      old: ["proven", ""],
      "taken-back": ["unproven", expect.stringMatching(/FAILED.*its verdict is "blocked": CVE-2021-23337/)],
      stranger: ["unproven", expect.stringContaining("none is attached")],
    })
    expect(rows.find(({ tag }) => tag === "taken-back")?.judged.map(({ result }) => result)).toEqual([
      "FAILED",
      "PASSED",
    ])
  })

  it("says until when a proof holds, by its age", async () => {
    const until = async (maxAge: number) => {
      const { rows } = await inventory({ maxAge })
      const hours = (tag: string) => Date.parse(rows.find((row) => row.tag === tag)?.provenUntil ?? "") - Date.now()
      return [Math.round(hours("old") / hour), Math.round(hours("new") / hour)]
    }
    expect(await until(24 * hour)).toEqual([4, 24])
    expect((await inventory({ maxAge: 10 * hour })).rows.find(({ tag }) => tag === "old")?.state).toBe("unproven")
  })

  it("tells what it could not read as such, and the rest all the same", async () => {
    const digest = (await inventory()).rows.find(({ tag }) => tag === "new")?.digest ?? ""
    await at.fault({ status: 503, match: { method: "GET", pathRegex: `/manifests/${digest}$` } })
    const result = await inventory()
    await at.clearFaults()
    expect(result.rows.map(({ tag, state }) => `${tag} ${state}`)).toContain("new unread")
    expect(result.rows.map(({ tag, state }) => `${tag} ${state}`)).toContain("old proven")
    expect(toMarkdown(renderInventory(result), { now: new Date() })).toContain("1 unread")
  })

  it("tells a repository that is not there from one without such tags", async () => {
    await expect(inventory({ repository: refer(at, "golden/nothing") })).rejects.toThrow(
      /\[REGISTRY_NOT_FOUND\].*no repository/,
    )
    expect(await inventory({ tags: { glob: ["x*"] } })).toMatchObject({ rows: [] })
  })

  it("names the exception that ends first, with its owner", async () => {
    const policy = parsePolicy(
      `version: 1\n${exception.replace("2099-01-01", new Date(Date.now() + 12 * hour).toISOString())}\n`,
    )
    await pushImage(
      at.url,
      "quarantine/app",
      "excepted",
      anImage({ layers: ["e"], sbom: "cyclonedx", packages: [lodash] }),
    )
    const gated = await gateImage(refer(at, "quarantine/app:excepted"), { policy, context: signing })
    expect(gated.verdict.reasons.filter(({ effect }) => effect === "block")).toEqual([])
    await promoteImage(gated, refer(at, "golden/excepted:1"), { policy, context: signing })
    const result = await inventory({ repository: refer(at, "golden/excepted") })
    expect(result.rows[0]?.ends).toEqual([expect.objectContaining({ owner: "jane" })])
    expect(result.rows[0]?.provenUntil).toBe(result.rows[0]?.ends?.[0]?.expires)
    expect(toMarkdown(renderInventory(result), { now: new Date() })).toContain("CVE-2021-23337")
  })
})
