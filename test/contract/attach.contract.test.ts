// Attaching a statement that was made elsewhere, and inspecting what is attached.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { attach } from "../../core/attach/attach.js"
import { pin } from "../../core/image/image-graph.js"
import { inspect } from "../../core/image/inspect.js"
import { renderImage } from "../../core/image/render-image.js"
import { toMarkdown } from "../../core/page/to-markdown.js"
import { attachedStatements } from "../support/attached-statements.js"
import { anImage, type TestImage } from "../support/build-image.js"
import { digestOf } from "../support/build-manifest.js"
import { platformOf } from "../support/odd-images.js"
import { newRegistry, refer, writesOf } from "../support/promotion.js"
import { pushImage } from "../support/push-image.js"
import { startRegistry, type TestRegistry } from "../support/registry.js"

const predicateType = "https://example.com/review/v1"
const statement = (digest: string, predicate: object = { approved: true }) =>
  JSON.stringify({
    _type: "https://in-toto.io/Statement/v1",
    subject: [{ name: "app", digest: { sha256: digest.slice(7) } }],
    predicateType,
    predicate,
  })

describe.each(["api", "distribution"] as const)("attach on %s", (kind) => {
  let at: TestRegistry
  let number = 0
  let image: TestImage
  let repository: string
  beforeAll(async () => void (at = await startRegistry(kind)))
  afterAll(() => at.stop())
  beforeEach(async () => {
    repository = `app${++number}`
    image = anImage({ platforms: ["linux/amd64", "linux/arm64"], layers: [repository] })
    await pushImage(at.url, repository, "1", image)
    await at.resetRequests()
  })
  const reference = () => pin(newRegistry(), refer(at, `${repository}:1`))

  it("attaches it to the image and, when asked, to each platform by its own digest", async () => {
    const result = await attach(
      { registry: newRegistry() },
      { image: await reference(), statement: statement(image.digest), platforms: true },
    )
    const subjects = [image.digest, ...image.platforms.map(({ manifest }) => manifest.descriptor.digest)]
    expect(result.attached.map(({ subject, existing }) => [subject, existing])).toEqual(
      subjects.map((subject) => [subject, false]),
    )
    const found = await attachedStatements(await reference())
    expect(found.map(({ subject, about, predicateType: type }) => [subject, about, type]).sort()).toEqual(
      subjects.map((subject) => [subject, [subject], predicateType]).sort(),
    )
  })

  it("does not attach the same twice, but attaches another", async () => {
    await attach(
      { registry: newRegistry() },
      { image: await reference(), statement: statement(image.digest), platforms: true },
    )
    await at.resetRequests()
    const again = await attach(
      { registry: newRegistry() },
      { image: await reference(), statement: statement(image.digest), platforms: true },
    )
    expect(again.attached.map(({ existing }) => existing)).toEqual([true, true, true])
    expect(await writesOf(at)).toEqual([])
    const other = await attach(
      { registry: newRegistry() },
      { image: await reference(), statement: statement(image.digest, { approved: false }), platforms: false },
    )
    expect(other.attached.map(({ existing }) => existing)).toEqual([false])
  })

  it.each([
    ["about another image", () => statement(digestOf("other"))],
    ["about one of the platforms", () => statement(platformOf(image).digest)],
    ["that is none", () => '{"bomFormat":"CycloneDX"}'],
    ["that is no JSON", () => "{"],
  ])("refuses a statement %s, and writes nothing", async (_, text) => {
    await expect(
      attach({ registry: newRegistry() }, { image: await reference(), statement: text(), platforms: true }),
    ).rejects.toMatchObject({
      code: "STATEMENT_INVALID",
    })
    expect(await writesOf(at)).toEqual([])
  })

  it("shows what is attached to which of them", async () => {
    await attach(
      { registry: newRegistry() },
      { image: await reference(), statement: statement(image.digest), platforms: true },
    )
    const report = await inspect(newRegistry(), await reference())
    expect(report).toMatchObject({ digest: image.digest, notes: [] })
    expect(report.attached.map((one) => one.predicateType)).toEqual([predicateType])
    expect(
      report.platforms.map(({ platform, attached }) => [platform, attached.map((one) => one.predicateType)]),
    ).toEqual([
      ["linux/amd64", [predicateType]],
      ["linux/arm64", [predicateType]],
    ])
    expect(toMarkdown(renderImage(report), { now: new Date() })).toContain("`linux/arm64`")
  })
})
