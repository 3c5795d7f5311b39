// Documents that a runtime or a scanner reads otherwise than we do: Go's readers take keys in any case, and the last of
// two. None of them may be judged by one reading and run, scanned or signed by the other.
import { generateKeyPairSync } from "node:crypto"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { attach } from "../../core/attach/attach.js"
import { parseBundle } from "../../core/attestation/bundle.js"
import { createSigner } from "../../core/attestation/signer.js"
import { canonicalJson } from "../../core/findings/canonical-json.js"
import { pin } from "../../core/image/image-graph.js"
import { anImage, type TestImage } from "../support/build-image.js"
import { aReferrer, aStatement } from "../support/build-referrer.js"
import { cyclonedxOf } from "../support/build-sbom.js"
import { HostScanner } from "../support/host-scanner.js"
import { cyclonedxType, platformOf, twoPlatformsInOne, withSbom } from "../support/odd-images.js"
import { gateImage, newRegistry, refer } from "../support/promotion.js"
import { pushImage } from "../support/push-image.js"
import { startRegistry, type TestRegistry } from "../support/registry.js"

const [vulnerable, renamed] = ["pkg:npm/lodash@4.17.20", "pkg:npm/renamed@4.17.20"]

const components = (purl: string) => (cyclonedxOf([purl]).predicate as { components: object[] }).components
const twoLists = () => ({ ...(cyclonedxOf([vulnerable]).predicate as object), Components: components(renamed) })

describe.each(["api", "distribution"] as const)("one reading on %s", (kind) => {
  let at: TestRegistry
  let number = 0
  beforeAll(async () => void (at = await startRegistry(kind)))
  afterAll(() => at.stop())

  const push = async (image: TestImage) => {
    const repository = `reading/${++number}`
    await pushImage(at.url, repository, "1", image)
    return refer(at, `${repository}:1`)
  }
  const judge = async (image: TestImage, scanner = new HostScanner()) => {
    const { assessment, verdict } = await gateImage(await push(image), { scanner })
    const problems = assessment.platforms.map((platform) => platform.problems.map(({ code }) => code))
    return { outcome: verdict.outcome, problems, message: assessment.platforms[0]?.problems[0]?.message ?? "" }
  }

  it("refuses to judge an index of which a runtime pulls another platform", async () => {
    await expect(judge(twoPlatformsInOne())).rejects.toMatchObject({
      code: "MANIFEST_INVALID",
      reason: expect.stringMatching(/two ways: manifests\[0\]: "platform" and "Platform"/) as string,
    })
  })

  it("blocks when the only SBOM has a second list that the scanner would read", async () => {
    const { outcome, problems, message } = await judge(withSbom(twoLists()))
    expect({ outcome, problems }).toEqual({ outcome: "blocked-missing-sbom", problems: [["SBOM_UNREADABLE"]] })
    expect(message).toMatch(/two ways: predicate: "components" and "Components" are one key/)
  })

  it("blocks when such an SBOM stands beside an honest one", async () => {
    const honest = withSbom(cyclonedxOf([vulnerable]).predicate)
    const planted = aStatement(platformOf(honest), { predicateType: cyclonedxType, predicate: twoLists() })
    const { outcome, problems } = await judge({ ...honest, referrers: [...honest.referrers, planted] })
    expect(problems).toEqual([["SBOM_UNREADABLE"]])
    expect(outcome).not.toBe("promote")
  })

  it("gives the scanner what was parsed, in one spelling", async () => {
    const { predicate } = cyclonedxOf([vulnerable])
    const image = anImage()
    const layers = [{ mediaType: "application/vnd.cyclonedx+json", content: JSON.stringify(predicate, null, 2) }]
    const bare = aReferrer(platformOf(image), { artifactType: "application/vnd.cyclonedx+json", layers })
    const given: string[] = []
    const scanner = new HostScanner()
    const scan = scanner.scanSbom.bind(scanner)
    scanner.scanSbom = (document) => scan((given.push(document), document))
    expect(await judge({ ...image, referrers: [bare] }, scanner)).toMatchObject({ outcome: "blocked", problems: [[]] })
    expect(given).toEqual([canonicalJson(predicate)])
  })

  it("refuses to attach a statement of two types, and signs no bytes but what was read", async () => {
    const image = anImage({ layers: [`attached ${number}`] })
    const reference = await pin(newRegistry(), await push(image))
    const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" })
    const signer = createSigner(privateKey.export({ type: "pkcs8", format: "pem" }).toString())
    const statement = {
      predicateType: "https://example.com/harmless/v1",
      _type: "https://in-toto.io/Statement/v1",
      subject: [{ uri: "x", name: "app", digest: { sha256: image.digest.slice(7) } }],
      predicate: { z: 1, a: 2 },
    }
    const twice = { ...statement, PredicateType: "https://cssc.dev/verdict/v1" }
    const by = { registry: newRegistry(), signer }
    const asked = { image: reference, platforms: false }
    await expect(attach(by, { ...asked, statement: JSON.stringify(twice) })).rejects.toMatchObject({
      code: "STATEMENT_INVALID",
      reason: expect.stringMatching(/"predicateType" and "PredicateType" are one key/) as string,
    })
    const { attached } = await attach(by, { ...asked, statement: JSON.stringify(statement, null, 2) })
    const [digest] = attached.map((one) => one.digest)
    const manifest = JSON.parse((await newRegistry().manifest({ ...reference, digest } as never)) ?? "{}")
    const layer = (manifest as { layers: { digest: never; size: number }[] }).layers[0]
    const { envelope } = parseBundle(await newRegistry().blob(reference, layer as never))
    expect(Buffer.from(envelope.payload).toString()).toBe(canonicalJson(statement))
  })
})
