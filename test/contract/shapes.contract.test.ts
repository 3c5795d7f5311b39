// One document in every shape that it has in the field, through a real registry to the verdict; where cosign writes a
// shape, cosign wrote it here. What can go wrong: a shape that is not found, so that the SBOM is missing or the VEX lost;
// one whose signature is not looked at; a layer taken for what its neighbour is.
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import type { Verdict } from "../../core/policy/verdict/verdict.js"
import { aKey, type TestKey } from "../core/attestation/build-signed.js"
import { codesOf, messageOf } from "../core/policy/build-assessment.js"
import { Cosign, timeToBuildCosign } from "../cosign/run-cosign.js"
import { attached, bare, bundled, enveloped, simpleSignature } from "../support/build-attestation.js"
import { statementOf, withBuildkit } from "../support/build-attestation.js"
import { anImage, type ImageOptions, type TestImage } from "../support/build-image.js"
import { digestOf } from "../support/build-manifest.js"
import { aPolicy } from "../support/build-policy.js"
import { cyclonedxOf, spdxOf, type TestPredicate } from "../support/build-sbom.js"
import { highInLodash, lodash, ociPurl, openVex } from "../support/build-vex.js"
import { platformOf } from "../support/odd-images.js"
import { gateImage, refer } from "../support/promotion.js"
import { attachReferrer, pushImage } from "../support/push-image.js"
import { startRegistry, type TestRegistry } from "../support/registry.js"

const [acme, stranger] = [aKey(), aKey()]
const slsa = { predicateType: "https://slsa.dev/provenance/v1", predicate: { buildDefinition: {} } }
const policy = aPolicy({ acme }, { signatures: { sbom: "block" } })

describe.each(["api", "distribution"] as const)("shapes of evidence on %s", (kind) => {
  const cosign = new Cosign("pass phrase")
  let at: TestRegistry
  let number = 0
  const cosignKeys = new Map<TestKey, string>()
  beforeAll(async () => {
    at = await startRegistry(kind)
    for (const key of [acme, stranger]) cosignKeys.set(key, (await cosign.importKeyPair(key.pem)).privateKey)
  }, timeToBuildCosign)
  afterAll(async () => {
    cosign.remove()
    await at.stop()
  })

  type Given = {
    readonly repository: string
    readonly image: TestImage
    readonly said: TestPredicate
    readonly key: TestKey
  }
  type Shape = (given: Given) => Promise<void>
  const push = ({ repository, image }: Given) => pushImage(at.url, repository, "1", image)
  const wrapping =
    (wrap: typeof enveloped): Shape =>
    async (given) => {
      await push(given)
      const subject = platformOf(given.image)
      const { mediaType, content } = wrap(statementOf(given.said, subject.digest), given.key)
      await attachReferrer(
        at.url,
        given.repository,
        attached(subject, { mediaType, content }, given.said.predicateType),
      )
    }
  const signedBeside: Shape = async (given) => {
    await push(given)
    const subject = platformOf(given.image)
    const statement = attached(subject, bare(statementOf(given.said, subject.digest)), given.said.predicateType)
    await attachReferrer(at.url, given.repository, statement)
    await attachReferrer(at.url, given.repository, simpleSignature(statement.descriptor, given.key))
  }
  const byCosign =
    (form: "bundle" | "tag"): Shape =>
    async (given) => {
      await push(given)
      const { predicateType, predicate } = given.said
      const reference = `${at.address}/${given.repository}@${platformOf(given.image).digest}`
      await cosign.attest(reference, cosignKeys.get(given.key) ?? "", predicateType, predicate as object, form)
    }
  const entry = ({ image, said, key }: Given, about = platformOf(image).digest) => {
    const layers = [slsa, said].map((one) => ({ ...enveloped(statementOf(one, about), key), ...one }))
    return withBuildkit(image, layers)
  }
  const inIndex: Shape = async (given) => void (await push({ ...given, image: entry(given) }))
  const shapes: [string, string, Shape][] = [
    ["a bare statement, signed beside it", "statement", signedBeside],
    ["an envelope", "dsse", wrapping(enveloped)],
    ["a bundle", "bundle", wrapping(bundled)],
    ["a bundle of cosign's", "bundle", byCosign("bundle")],
    ["cosign's tag .att", "dsse", byCosign("tag")],
    ["BuildKit's entry of the index, beside another layer", "dsse", inIndex],
  ]

  const given = (options: ImageOptions, said: (repository: string) => TestPredicate, key: TestKey): Given => {
    const repository = `${kind}/app${++number}`
    const image = anImage({ layers: [repository], ...options })
    return { repository, image, said: said(`${at.address}/${repository}`), key }
  }
  const judge = (repository: string, how: typeof policy) => gateImage(refer(at, `${repository}:1`), { policy: how })
  const sbomOf = async (shape: Shape, key: TestKey) => {
    const one = given({}, () => cyclonedxOf([lodash]), key)
    await shape(one)
    const { assessment, verdict } = await judge(one.repository, policy)
    return { sbom: assessment.platforms[0]?.sbom, verdict }
  }

  it.each(shapes)("is found: an SBOM in %s, with who signed it", async (_, envelope, shape) => {
    const { sbom, verdict } = await sbomOf(shape, acme)
    expect(sbom).toMatchObject({ envelope, signature: { status: "verified", publisher: "acme" } })
    expect(verdict.remaining).toEqual([highInLodash])
    expect(codesOf(verdict, "block")).toEqual(["FINDINGS"])
  })

  it.each(shapes)("does not pass for signed: an SBOM in %s by a stranger", async (_, envelope, shape) => {
    const { sbom, verdict } = await sbomOf(shape, stranger)
    expect(sbom).toMatchObject({ envelope, signature: { status: "untrusted" } })
    expect(codesOf(verdict, "block")).toEqual(["EVIDENCE_UNSIGNED", "FINDINGS"])
    expect(messageOf(verdict, "EVIDENCE_UNSIGNED")).toContain("the SBOM is signed by nobody whom the policy trusts")
  })

  const vexOf = async (shape: Shape, key: TestKey): Promise<Verdict> => {
    const one = given({ sbom: "cyclonedx", packages: [lodash] }, (name) => openVex(ociPurl(name)), key)
    await shape(one)
    return (await judge(one.repository, aPolicy({ acme }))).verdict
  }

  it.each(shapes)("suppresses: VEX in %s", async (_name, _envelope, shape) => {
    const verdict = await vexOf(shape, acme)
    expect(verdict).toMatchObject({ outcome: "promote", vex: [{ trusted: true, suppressed: [{ id: highInLodash }] }] })
  })

  it.each(shapes)("suppresses nothing: VEX in %s by a stranger", async (_name, _envelope, shape) => {
    const verdict = await vexOf(shape, stranger)
    expect(verdict).toMatchObject({ outcome: "blocked", vex: [{ trusted: false, suppressed: [] }] })
    expect(messageOf(verdict, "VEX_UNTRUSTED")).toContain("1 finding that it would have suppressed")
  })

  it("tells the layers of BuildKit's entry apart by their annotations: SBOM, provenance and VEX at once", async () => {
    const one = given({}, (name) => openVex(ociPurl(name)), acme)
    const about = platformOf(one.image).digest
    const said = [slsa, spdxOf([lodash]), one.said, cyclonedxOf(["pkg:npm/minimist@1.2.5"])]
    const image = withBuildkit(
      one.image,
      said.map((each) => ({ ...each, ...bare(statementOf(each, about)) })),
    )
    await push({ ...one, image })
    const at1 = refer(at, `${one.repository}:1`)
    const bySpdx = (await gateImage(at1, { policy: aPolicy({ acme }), predicateType: "https://spdx.dev/Document" }))
      .verdict
    expect(bySpdx.remaining).toEqual([highInLodash])
    expect(bySpdx.vex).toEqual([expect.objectContaining({ signature: "unsigned", trusted: false })])
    expect(messageOf(bySpdx, "VEX_UNTRUSTED")).toContain("it is not signed")
    expect((await gateImage(at1, { policy: aPolicy({ acme }) })).verdict.remaining).toEqual(["CVE-2021-44906"])
  })

  it("does not take BuildKit's layer for what it is not: of another type, or about another platform", async () => {
    const one = given({}, () => cyclonedxOf([lodash]), acme)
    const about = platformOf(one.image).digest
    const lying = { ...bare(statementOf(slsa, about)), predicateType: one.said.predicateType }
    await push({ ...one, image: withBuildkit(one.image, [lying]) })
    expect((await judge(one.repository, policy)).verdict.outcome).toBe("blocked-missing-sbom")
    const two = given({}, () => cyclonedxOf([lodash]), acme)
    await push({ ...two, image: entry(two, digestOf("another platform")) })
    const { assessment, verdict } = await judge(two.repository, policy)
    expect(verdict.outcome).toBe("blocked-missing-sbom")
    expect(assessment.platforms[0]?.problems.map(({ code }) => code)).toEqual(["SBOM_FOREIGN_SUBJECT"])
  })
})
