// Evidence that somebody planted in quarantine never becomes golden, however it is dressed, and races are named.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { predicateTypes } from "../../core/attestation/predicate-types.js"
import { verdictPredicateType } from "../../core/evidence/verdict-statement.js"
import type { GateResult } from "../../core/gate/gate-result.js"
import { parseDigest } from "../../core/oci/digest.js"
import { defaultPolicy } from "../../core/policy/document/policy.js"
import { attachedStatements } from "../support/attached-statements.js"
import { anImage, type TestImage } from "../support/build-image.js"
import { blobOf, manifestOf, type TestManifest, testMediaTypes } from "../support/build-manifest.js"
import { aReferrer, aStatement } from "../support/build-referrer.js"
import { cyclonedxOf } from "../support/build-sbom.js"
import { platformOf, withBuildkitSbom, withEntries } from "../support/odd-images.js"
import {
  gateImage,
  interrupt,
  mountsNothing,
  newRegistry,
  promoteImage,
  refer,
  tagDigest,
  writesOf,
} from "../support/promotion.js"
import { attachReferrer, pushImage, pushManifest } from "../support/push-image.js"
import { startRegistry, type TestRegistry } from "../support/registry.js"

const vuln = predicateTypes.cosignVulnerabilities
const key = "in-toto.io/predicate-type"
const lies = { [key]: "https://example.com/harmless" }
const statementText = (image: TestImage, more: object = {}) =>
  JSON.stringify({
    _type: "https://in-toto.io/Statement/v1",
    subject: [{ name: "app", digest: { sha256: platformOf(image).digest.slice(7) } }],
    predicateType: vuln,
    predicate: { scanner: { result: {} } },
    ...more,
  })
const carrying = (
  image: TestImage,
  content: string,
  annotations: Readonly<Record<string, string>> = lies,
  mediaType = testMediaTypes.inToto,
) =>
  aReferrer(platformOf(image), {
    artifactType: "application/vnd.example",
    annotations,
    layers: [{ mediaType, content }],
  })
const enveloped = (payload: string) =>
  JSON.stringify({
    payloadType: testMediaTypes.inToto,
    payload: Buffer.from(payload).toString("base64"),
    signatures: [{ keyid: "", sig: "AA==" }],
  })

/** An index that is a referrer, and lists a manifest that holds something. */
const listing = (image: TestImage, { subject: _subject, ...held }: TestManifest, annotations = lies): TestManifest => {
  const { subject: _about, ...content } = JSON.parse(held.bytes.toString()) as Record<string, unknown>
  const child = manifestOf(testMediaTypes.manifest, content, held.blobs)
  const { mediaType, digest, size } = platformOf(image)
  const subject = { mediaType, digest, size }
  const index = {
    schemaVersion: 2,
    mediaType: testMediaTypes.index,
    artifactType: "application/vnd.example",
    annotations,
  }
  const root = manifestOf(testMediaTypes.index, { ...index, manifests: [child.descriptor], subject }, [])
  return { ...root, children: [child] } as TestManifest
}

type Plant = (image: TestImage) => TestManifest
const plants: Readonly<Record<string, Plant>> = {
  "by annotation alone": (image) => carrying(image, "{}", { [key]: verdictPredicateType }),
  "by a bundle's annotation beside a harmless one": (image) =>
    carrying(image, "{}", { ...lies, "dev.sigstore.bundle.predicateType": vuln }),
  openly: (image) => aStatement(platformOf(image), { predicateType: vuln, predicate: {} }),
  "by content under a lying annotation": (image) => carrying(image, statementText(image)),
  "in an envelope": (image) => carrying(image, enveloped(statementText(image)), {}),
  "in a layer of another media type": (image) => carrying(image, statementText(image), {}, "application/octet-stream"),
  "in a statement that is an SBOM as well": (image) =>
    carrying(image, statementText(image, { bomFormat: "CycloneDX" })),
  "by the first of two equal keys": (image) =>
    carrying(image, statementText(image).replace(/}$/, ',"predicateType":"https://example.com/harmless"}')),
  "under a second spelling of an envelope's payload": (image) =>
    carrying(
      image,
      enveloped(statementText(image, { predicateType: lies[key] })).replace(
        /}$/,
        `,"Payload":"${Buffer.from(statementText(image)).toString("base64")}"}`,
      ),
    ),
  "in an index that is attached": (image) => listing(image, carrying(image, statementText(image))),
  "with escapes": (image) =>
    carrying(image, statementText(image, { bomFormat: "" }).replace("https://cosign", "https:\\/\\/\\u0063osign")),
}

describe.each(["api", "distribution"] as const)("planted evidence on %s", (kind) => {
  let at: TestRegistry
  let number = 0
  let image: TestImage
  let from: string
  let to: string
  beforeAll(async () => void (at = await startRegistry(kind)))
  afterAll(() => at.stop())
  beforeEach(async () => {
    number++
    ;[from, to] = [`quarantine/app${number}`, `golden/app${number}`]
    image = anImage({
      platforms: ["linux/amd64", "linux/arm64"],
      layers: [`layer ${number}`],
      sbom: "cyclonedx",
      packages: ["pkg:npm/minimist@1.2.8"],
    })
    await pushImage(at.url, from, "1", image)
  })
  const judged = (): Promise<GateResult> => gateImage(refer(at, `${from}:1`))
  const golden = async () =>
    (await attachedStatements({ ...refer(at, to), digest: parseDigest(image.digest) })).map(({ digest }) => digest)
  const attach = async (repository: string, referrer: TestManifest) => {
    const { children = [] } = referrer as { children?: readonly TestManifest[] }
    for (const child of children) await pushManifest(at.url, repository, child)
    return attachReferrer(at.url, repository, referrer)
  }

  it.each(Object.entries(plants))("stays behind when it is planted %s, and the rest comes along", async (_, plant) => {
    const planted = await attach(from, plant(image))
    const result = await promoteImage(await judged(), refer(at, `${to}:1`))
    expect(result.outcome).toBe("promote")
    expect(result.leftBehind.map(({ digest, planted: ours }) => [digest, ours])).toEqual([[planted, true]])
    expect(result.carried).toHaveLength(2)
    const found = await golden()
    expect(found).not.toContain(planted)
    expect(found).toEqual(expect.arrayContaining(image.referrers.map(({ descriptor }) => descriptor.digest)))
  })

  it("stays behind with what is attached to it, and when it is attached to something harmless", async () => {
    const [sbom] = image.referrers
    const nested = aStatement(sbom?.descriptor ?? platformOf(image), { predicateType: vuln, predicate: {} })
    const open = aStatement(platformOf(image), { predicateType: verdictPredicateType, predicate: {} })
    const signature = aStatement(open.descriptor, { predicateType: "https://example.com/signature", predicate: {} })
    for (const one of [nested, open, signature]) await attach(from, one)
    const result = await promoteImage(await judged(), refer(at, `${to}:1`))
    const left = [nested, open, signature].map(({ descriptor }) => descriptor.digest)
    expect(result.leftBehind.map(({ digest }) => digest).sort()).toEqual([...left].sort())
    expect((await golden()).filter((digest) => left.includes(digest))).toEqual([])
  })

  it("comes along as an index of harmless notes, with what is attached to one of them", async () => {
    const notes = listing(image, carrying(image, "note", {}, "text/plain"))
    const [child] = (notes as unknown as { children: readonly TestManifest[] }).children
    const index = await attach(from, notes)
    const signature = await attach(
      from,
      aStatement(child?.descriptor ?? platformOf(image), {
        predicateType: "https://example.com/signature",
        predicate: {},
      }),
    )
    const result = await promoteImage(await judged(), refer(at, `${to}:1`))
    expect(result.leftBehind).toEqual([])
    expect(result.carried.map(({ digest }) => digest)).toEqual(expect.arrayContaining([index, signature]))
    expect(await golden()).toEqual(expect.arrayContaining([index, signature]))
  })

  it("stays behind on a manifest that an attached index lists, and on BuildKit's entries of the image", async () => {
    const notes = listing(image, carrying(image, "note", {}, "text/plain"))
    const [child] = (notes as unknown as { children: readonly TestManifest[] }).children
    await attach(from, notes)
    const onChild = await attach(
      from,
      aStatement(child?.descriptor ?? platformOf(image), { predicateType: vuln, predicate: {} }),
    )
    const first = await promoteImage(await judged(), refer(at, `${to}:1`))
    expect(first.leftBehind.map(({ digest }) => digest)).toEqual([onChild])
    const packages = cyclonedxOf(["pkg:npm/minimist@1.2.8"])
    image = withBuildkitSbom({ layers: [`buildkit ${number}`] }, packages)
    await pushImage(at.url, from, "1", image)
    const entry = image.platforms.at(-1)?.manifest.descriptor ?? platformOf(image)
    const onEntry = await attach(from, aStatement(entry, { predicateType: vuln, predicate: {} }))
    const second = await promoteImage(await judged(), refer(at, `${to}:2`))
    expect(second).toMatchObject({ outcome: "promote", leftBehind: [{ digest: onEntry, planted: true }] })
    expect(await golden()).not.toContain(onEntry)
  })

  it("stays behind when an index lists it that is attached to another image by itself", async () => {
    const { planted, root } = await attachedElsewhere()
    await pushManifest(at.url, from, planted)
    const index = await attachReferrer(at.url, from, root)
    const result = await promoteImage(await judged(), refer(at, `${to}:1`))
    const why = expect.stringContaining("by itself")
    expect(result.leftBehind).toContainEqual(expect.objectContaining({ digest: index, why }))
    expect(await tagDigest(at, `${to}@${planted.descriptor.digest}`)).toBeUndefined()
  })

  it("stays behind when only a listing says that it is about the image, where listings are anybody's", async () => {
    const { planted } = await attachedElsewhere()
    const digest = await attachReferrer(at.url, from, { ...planted, subject: platformOf(image) })
    const result = await promoteImage(await judged(), refer(at, `${to}:1`))
    // With the API a registry lists by the manifest's own word: there it is not even seen.
    const left = { digest, why: expect.stringContaining("and is attached to") }
    expect(result.leftBehind).toMatchObject(kind === "api" ? [] : [left])
    expect(await tagDigest(at, `${to}@${digest}`)).toBeUndefined()
  })

  it("is refused as a manifest of the image that is attached to another golden image", async () => {
    const { planted } = await attachedElsewhere()
    const marks = { "vnd.docker.reference.type": "attestation-manifest", "vnd.docker.reference.digest": image.digest }
    const entry = { ...planted.descriptor, annotations: marks, platform: { os: "unknown", architecture: "unknown" } }
    image = withEntries(image, (entries) => [...entries, entry])
    await pushManifest(at.url, from, planted)
    await pushImage(at.url, from, "1", image)
    await expect(judged()).rejects.toThrow(/MANIFEST_INVALID.*no part of the image/)
  })

  /** A note about another golden image, and an index about this one that lists it. */
  async function attachedElsewhere() {
    const other = anImage({ layers: ["another golden image"] })
    await pushImage(at.url, to, "other", other)
    const planted = carrying({ ...image, platforms: other.platforms }, "note", {}, "text/plain")
    const { mediaType, digest, size } = platformOf(image)
    const subject = { mediaType, digest, size }
    const index = { schemaVersion: 2, mediaType: testMediaTypes.index, manifests: [planted.descriptor], subject }
    return { planted, root: manifestOf(testMediaTypes.index, index) }
  }

  it("carries nested attachments, and finds them again in a second run", async () => {
    const [sbom] = image.referrers
    const signature = await attach(
      from,
      aStatement(sbom?.descriptor ?? platformOf(image), {
        predicateType: "https://example.com/signature",
        predicate: {},
      }),
    )
    const gated = await judged()
    await promoteImage(gated, refer(at, `${to}:1`))
    expect(await golden()).toContain(signature)
    expect(await promoteImage(gated, refer(at, `${to}:1`))).toMatchObject({ outcome: "unchanged" })
  })

  it("leaves behind what the policy's evidence.copy does not name", async () => {
    const note = await attach(
      from,
      aStatement(platformOf(image), { predicateType: "https://example.com/note", predicate: {} }),
    )
    const policy = { ...defaultPolicy(), evidence: { required: [], copy: [predicateTypes.cyclonedx] } }
    const result = await promoteImage(await judged(), refer(at, `${to}:1`), { policy })
    expect(result.leftBehind.map(({ digest, planted }) => [digest, planted])).toEqual([[note, false]])
    expect(result.carried.map(({ digest }) => digest).sort()).toEqual(
      image.referrers.map(({ descriptor }) => descriptor.digest).sort(),
    )
    expect(await golden()).not.toContain(note)
  })

  it("is refused when it slips in during the copy, and again in the next run", async () => {
    const gated = await judged()
    const planted = aStatement(platformOf(image), { predicateType: vuln, predicate: {} })
    await mountsNothing(at)
    const racing = interrupt(newRegistry(), "copy", "before", () => attach(from, planted))
    await expect(promoteImage(gated, refer(at, `${to}:1`), { registry: racing })).rejects.toMatchObject({
      code: "REFERRERS_UNTRUSTED",
    })
    expect(await tagDigest(at, `${to}:1`)).toBeUndefined()
    await expect(promoteImage(gated, refer(at, `${to}:1`))).rejects.toMatchObject({
      code: "REFERRERS_UNTRUSTED",
      message: expect.stringContaining(planted.descriptor.digest),
    })
    expect(await tagDigest(at, `${to}:1`)).toBeUndefined()
  })

  it("stays behind when it slips in before a copy by mounts, which takes what was looked at alone", async () => {
    const gated = await judged()
    const planted = aStatement(platformOf(image), { predicateType: vuln, predicate: {} })
    const racing = interrupt(newRegistry(), "copy", "before", () => attach(from, planted))
    const { outcome } = await promoteImage(gated, refer(at, `${to}:1`), { registry: racing })
    expect(outcome).toBe("promote")
    expect(await golden()).not.toContain(planted.descriptor.digest)
  })

  it("is refused when a stranger attaches it to the target before the last look", async () => {
    const stranger = aStatement(platformOf(image), cyclonedxOf(["pkg:npm/lodash@4.17.21"]))
    const racing = interrupt(newRegistry(), "attach", "before", () => attach(to, stranger))
    await expect(promoteImage(await judged(), refer(at, `${to}:1`), { registry: racing })).rejects.toMatchObject({
      code: "REFERRERS_UNTRUSTED",
    })
    expect(await tagDigest(at, `${to}:1`)).toBeUndefined()
  })

  it("does not move the tag when evidence is lost before the last look", async () => {
    const gated = await judged()
    const forgetful = new Proxy(newRegistry(), {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name)
        // An attachment that the registry confirms and does not keep.
        if (name === "attach") return () => Promise.resolve(parseDigest(blobOf("", "lost").descriptor.digest))
        return typeof value === "function" ? (value.bind(target) as unknown) : value
      },
    })
    await expect(promoteImage(gated, refer(at, `${to}:1`), { registry: forgetful })).rejects.toMatchObject({
      code: "EVIDENCE_FAILED",
    })
    expect(await tagDigest(at, `${to}:1`)).toBeUndefined()
  })

  it("promotes what was judged when the source's tag moves, and says so", async () => {
    const gated = await judged()
    const other = anImage({ layers: ["evil"] })
    await pushImage(at.url, from, "1", other)
    const result = await promoteImage(gated, refer(at, `${to}:1`))
    expect(result).toMatchObject({ outcome: "promote", digest: image.digest, sourceMovedTo: other.digest })
    expect(await tagDigest(at, `${to}:1`)).toBe(image.digest)
  })

  it("names a lost race for the target's tag, and does not overwrite it", async () => {
    const other = anImage({ layers: ["faster"] })
    const racing = interrupt(newRegistry(), "attach", "after", () => pushImage(at.url, to, "1", other))
    await expect(promoteImage(await judged(), refer(at, `${to}:1`), { registry: racing })).rejects.toMatchObject({
      code: "TAG_MOVED",
    })
    expect(await tagDigest(at, `${to}:1`)).toBe(other.digest)
    const late = interrupt(newRegistry(), "tag", "after", () => pushImage(at.url, to, "2", other))
    await expect(promoteImage(await judged(), refer(at, `${to}:2`), { registry: late })).rejects.toMatchObject({
      code: "TAG_MOVED",
    })
  })

  it("leaves nothing half done that a tag can reach", async () => {
    await at.resetRequests()
    await promoteImage(await judged(), refer(at, `${to}:1`))
    const tags = (await writesOf(at, `/v2/${to}/manifests/`))
      .filter(({ path }) => !/sha256[:-]/.test(path))
      .map(({ path }) => path)
    expect(tags).toEqual([`/v2/${to}/manifests/1`])
  })
})
