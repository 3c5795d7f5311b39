// What is found out about real registries, with and without the referrers API, and about one that lies.
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { renderProbe, strategyOf } from "../../core/image/probe-result.js"
import { parseRepository } from "../../core/oci/reference.js"
import { toMarkdown } from "../../core/page/to-markdown.js"
import type { Capability } from "../../core/ports.js"
import { RegistryClient } from "../../registry/client/registry-client.js"
import { anImage } from "../support/build-image.js"
import { clientAccess } from "../support/host-access.js"
import { newRegistry, writesOf } from "../support/promotion.js"
import { pushImage } from "../support/push-image.js"
import { startRegistry, type TestRegistry } from "../support/registry.js"
import { noRetry } from "../support/retries.js"

const image = anImage({ platforms: ["linux/amd64"], layers: ["a"], sbom: "cyclonedx" })

const verdicts = (capabilities: readonly Capability[]) =>
  Object.fromEntries(capabilities.map(({ name, verdict }) => [name, verdict]))

const expected = {
  api: {
    read: { "referrers API": "yes", "referrers filter": "yes", "referrers tag": "no" },
    write: { "subject header": "yes", "listed at once": "yes", mount: "yes", "immutable tags": "no", delete: "yes" },
    strategy: "attachments are listed by the referrers API",
  },
  distribution: {
    read: { "referrers API": "no", "referrers filter": "no", "referrers tag": "no" },
    write: { "subject header": "no", "listed at once": "no", mount: "yes", "immutable tags": "no", delete: "yes" },
    strategy: "attachments are listed under the referrers tag, which clients keep: runs on one image take turns",
  },
} as const

describe.each(["api", "distribution"] as const)("a probe of %s", (kind) => {
  let at: TestRegistry
  beforeAll(async () => {
    at = await startRegistry(kind)
    await pushImage(at.url, "app", "1", image)
    await pushImage(at.url, "app", "2", image)
  })
  afterAll(() => at.stop())

  const probe = (name: string, stamp?: string) =>
    new RegistryClient(clientAccess(), noRetry).probe(parseRepository(`${at.address}/${name}`), stamp)

  it("only reads, and tells each capability with the answer that showed it", async () => {
    await at.resetRequests()
    const { capabilities, left } = await probe("app")
    expect(await writesOf(at)).toEqual([])
    expect(left).toEqual([])
    expect(verdicts(capabilities)).toMatchObject({ "tag listing": "yes", "digest header": "yes", "pull quota": "no" })
    const asked = capabilities.find(({ name }) => name === "referrers API")
    expect(asked?.evidence).toMatch(/^GET \/v2\/app\/referrers\/sha256:[0-9a-f]{64} answered (200|404)$/)
    const found = verdicts(capabilities)
    const { "referrers tag": tag, ...lists } = expected[kind].read
    expect(found).toMatchObject(lists)
    // Listed by the test's own client on the platform alone; the image itself has no list.
    expect(found["referrers tag"]).toBe(tag)
    expect(strategyOf(capabilities)[0]).toBe(expected[kind].strategy)
  })

  it("that writes cleans up, and says what it left", async () => {
    const { capabilities, left } = await probe("probed", "stamp")
    expect(verdicts(capabilities)).toMatchObject({
      artifactType: "yes",
      "index with subject": "yes",
      ...expected[kind].write,
    })
    expect(left.filter((one) => !one.startsWith("blob "))).toEqual([])
    expect((await newRegistry().tags(parseRepository(`${at.address}/probed`))) ?? []).toEqual([])
  })

  it("says what a registry that does not delete keeps", async () => {
    await at.fault({ kind: "delete-unsupported" })
    const { capabilities, left } = await probe("kept", "stamp")
    await at.clearFaults()
    expect(verdicts(capabilities)["delete"]).toBe("no")
    expect(left.filter((one) => one.startsWith("sha256:"))).toHaveLength(3)
    expect(left).toContain(":cssc-probe")
  })

  it("sees a tag that may not move", async () => {
    await at.fault({ kind: "immutable-tags", tags: "cssc-probe" })
    const { capabilities } = await probe("fixed", "stamp")
    await at.clearFaults()
    expect(verdicts(capabilities)["immutable tags"]).toBe("yes")
  })

  it("sees a registry that takes the referrers tag for the image", async () => {
    await at.fault({ kind: "lying-referrers-tag" })
    const { capabilities } = await probe("app")
    await at.clearFaults()
    expect(verdicts(capabilities)["referrers tag"]).toBe("lies")
    expect(strategyOf(capabilities).join()).toContain("answers referrers tags with the image itself")
  })

  it("knows nothing where it is not let in, and says why", async () => {
    await at.fault({ status: 403, match: { pathRegex: "/referrers/" } })
    const { capabilities } = await probe("app")
    await at.clearFaults()
    const asked = capabilities.find(({ name }) => name === "referrers API")
    expect(asked).toMatchObject({ verdict: "unknown", evidence: expect.stringContaining("REGISTRY_UNAUTHORIZED") })
  })

  it("is a page with the verdicts and the strategy", async () => {
    const { capabilities, left } = await probe("app")
    const result = { schema: "https://cssc.dev/probe/v1", repository: "r.example/app", write: false } as const
    const page = toMarkdown(renderProbe({ ...result, capabilities, strategy: strategyOf(capabilities), left }), {
      now: new Date(),
    })
    expect(page).toContain("referrers API")
    expect(page).toContain(expected[kind].strategy)
  })
})
