// What somebody may do who can attach to an image but sign for nobody, and what a file system can hide, with a real
// scanner. What can go wrong: an unknown system, packages without a detector and SBOMs that lead the scanner astray pass
// for clean; a planted SBOM hides the honest one or wins; junk beside a signed SBOM stops what is in order.
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import type { Policy } from "../../core/policy/document/policy.js"
import { aKey } from "../core/attestation/build-signed.js"
import { codesOf, messageOf } from "../core/policy/build-assessment.js"
import {
  aSigned,
  attached,
  attestationTag,
  bare,
  bundled,
  enveloped,
  statementOf,
} from "../support/build-attestation.js"
import { anImage } from "../support/build-image.js"
import { tarOf } from "../support/build-layer.js"
import { digestOf, type TestDescriptor, type TestManifest } from "../support/build-manifest.js"
import { aPolicy } from "../support/build-policy.js"
import { aReferrer } from "../support/build-referrer.js"
import { cyclonedxOf, spdxOf, type TestPredicate } from "../support/build-sbom.js"
import { cyclonedxType, platformOf } from "../support/odd-images.js"
import { gateImage, type GateOptions, refer } from "../support/promotion.js"
import { attachReferrer, pushImage, pushManifest } from "../support/push-image.js"
import { startRegistry, type TestRegistry } from "../support/registry.js"

const [acme, stranger] = [aKey(), aKey()]
const trusting = aPolicy({ acme })
const [vulnerable, safe] = ["pkg:npm/lodash@4.17.20", "pkg:npm/minimist@1.2.8"]

const osRelease = (id: string, version: string) => ({ "etc/os-release": `ID=${id}\nVERSION_ID=${version}\nNAME=x\n` })
const node = { "app/node_modules/minimist/package.json": '{"name":"minimist","version":"1.2.8"}' }
const apk = { "lib/apk/db/installed": "P:openssl\nV:1.1.1-r0\nA:x86_64\no:openssl\n\n" }
const libssl =
  "Package: libssl3\nStatus: install ok installed\nSource: openssl\nVersion: 3.0.15-1~deb12u1\nArchitecture: amd64\nMaintainer: Debian <d@debian.org>\n"
const release = { ...osRelease("debian", "12"), "etc/debian_version": "12.5\n" }
const debian = { ...release, "var/lib/dpkg/status": `${libssl}\n` }
const distroless = { ...release, "var/lib/dpkg/status.d/libssl3": libssl }
const conda = {
  "opt/conda/envs/a/conda-meta/openssl-1.0.1-0.json": '{"name":"openssl","version":"1.0.1","license":"x"}',
}

describe("planted and hidden", () => {
  let at: TestRegistry
  let number = 0
  beforeAll(async () => void (at = await startRegistry("api")))
  afterAll(() => at.stop())

  type Attach = (subject: TestDescriptor) => TestManifest
  /** Pushes an image of one layer, with referrers of its platform and what is under its attestation tag. */
  async function push(files: Readonly<Record<string, string>>, attach: readonly Attach[] = [], tagged?: Attach) {
    const repository = `planted/${++number}`
    const image = anImage({ layers: [tarOf({ ...files, "number.txt": `${number}` })] })
    const subject = platformOf(image)
    await pushImage(at.url, repository, "1", image)
    for (const one of attach) await attachReferrer(at.url, repository, one(subject))
    if (tagged !== undefined)
      await pushManifest(at.url, repository, tagged(subject), `${subject.digest.replace(":", "-")}.att`)
    return refer(at, `${repository}:1`)
  }
  async function judge(image: ReturnType<typeof refer>, policy: Policy = aPolicy(), options: GateOptions = {}) {
    const { assessment, verdict } = await gateImage(image, { policy, ...options })
    const [platform] = assessment.platforms
    const problems = platform?.problems.map(({ code }) => code)
    return { outcome: verdict.outcome, blocking: codesOf(verdict, "block"), problems, platform, verdict }
  }

  it("is ambiguous without the packages that the honest one has in a container, as merged ones do", async () => {
    const merged = (...inside: string[]): TestPredicate => {
      const { predicateType, predicate } = cyclonedxOf([safe])
      const { components: parts } = cyclonedxOf(inside).predicate as { components: object[] }
      const { components, ...rest } = predicate as { components: object[] }
      const image = { type: "container", name: "app", "bom-ref": "app", components: parts }
      return { predicateType, predicate: { ...rest, components: [...components, image] } }
    }
    const said = (predicate: TestPredicate) => (subject: TestDescriptor) =>
      attached(subject, bare(statementOf(predicate, subject.digest)), predicate.predicateType)
    const honest = await judge(await push(node, [said(merged(vulnerable))]))
    expect(honest.outcome).not.toBe("promote")
    const planted = await judge(await push(node, [said(merged(vulnerable)), said(merged(safe))]))
    expect(planted.blocking).toContain("MISSING_SBOM")
  })

  it.each([
    [vulnerable, safe, "blocked"],
    [safe, vulnerable, "promote"],
  ])("neither hides nor stops a signed one of another format: %s beside %s", async (honest, stray, outcome) => {
    const signed = (subject: TestDescriptor) => aSigned(subject, spdxOf([honest]), acme)
    const unsigned = ({ digest, ...subject }: TestDescriptor) => {
      const { predicateType, predicate } = cyclonedxOf([stray])
      const said = bare(statementOf({ predicateType, predicate }, digest))
      return attached({ digest, ...subject }, said, predicateType)
    }
    const judged = await judge(await push(node, [signed, unsigned]), trusting, { predicateType: "" })
    expect(judged).toMatchObject({ outcome, platform: { sbom: { format: "spdx", signature: { publisher: "acme" } } } })
  })

  describe("in a file system", () => {
    const byImage = async (files: Readonly<Record<string, string>>, policy?: Policy) =>
      judge(await push({ ...node, ...files }), policy, { method: "image" })

    it.each<[string, Readonly<Record<string, string>>, string]>([
      ["ID=dhi beside an npm package", { ...osRelease("dhi", "3.23"), ...apk }, "packages of an operating system that"],
      ["a system without a detector", { ...osRelease("fedora", "42"), ...apk }, "no advisories for fedora 42"],
      ["a system whose package database was removed", release, "no longer lists its packages"],
      ["no system that is known", { ...osRelease("arch", "1") }, "which a scratch image has in common"],
    ])("stops %s", async (_, files, why) => {
      const { outcome, problems, verdict } = await byImage(files)
      expect({ outcome, problems }).toEqual({ outcome: "unassessed", problems: ["OS_UNSUPPORTED"] })
      expect(messageOf(verdict, "UNASSESSED")).toContain(why)
    })

    it("lets it pass where the policy says so, and what is in order anyway", async () => {
      const policy = aPolicy({}, { unassessed: { "unsupported-os": "report" } })
      expect((await byImage({}, policy)).outcome).toBe("promote")
      const critical = aPolicy({}, { severity: "CRITICAL" })
      expect(await byImage(debian, critical)).toMatchObject({ outcome: "promote", problems: [] })
      expect(await byImage(distroless, critical)).toMatchObject({ outcome: "promote", problems: [] })
    })

    it("names packages that Trivy lists and has no detector for", async () => {
      const { outcome, platform } = await byImage({ ...debian, ...conda }, aPolicy({}, { severity: "CRITICAL" }))
      expect(outcome).toBe("unassessed")
      expect(platform?.scan?.unassessed).toEqual([
        {
          purl: "pkg:conda/openssl@1.0.1",
          name: "openssl",
          version: "1.0.1",
          reason: "the scanner has no detector for it",
        },
      ])
    })
  })

  const bom = (components: readonly object[], dependencies: readonly object[] = []): TestPredicate => ({
    predicateType: `${cyclonedxType}/v1.6`,
    predicate: { bomFormat: "CycloneDX", specVersion: "1.6", version: 1, components, dependencies },
  })
  const unsignedSbom = (said: TestPredicate, created = "2026-01-01T00:00:00Z"): Attach => {
    const dated = { "in-toto.io/predicate-type": said.predicateType, "org.opencontainers.image.created": created }
    return (subject) => {
      const { mediaType, content } = bare(statementOf(said, subject.digest))
      return aReferrer(subject, { artifactType: mediaType, annotations: dated, layers: [{ mediaType, content }] })
    }
  }
  const signedSbom =
    (said: TestPredicate, key = acme): Attach =>
    (subject) =>
      aSigned(subject, said, key)

  describe("in an SBOM, what Trivy lists and never matches", () => {
    const lodash = { type: "library", name: "lodash", version: "4.17.20", purl: vulnerable, "bom-ref": "l" }
    const application = (type: string) => {
      const properties = [{ name: "aquasecurity:trivy:Type", value: type }]
      return bom(
        [{ type: "application", name: "a", "bom-ref": "a", properties }, lodash],
        [{ ref: "a", dependsOn: ["l"] }],
      )
    }
    const system = { type: "operating-system", name: "debian", version: "12.5", "bom-ref": "os" }

    it.each<[string, TestPredicate]>([
      ["a package of Conda's", cyclonedxOf(["pkg:conda/openssl@1.0.1", safe])],
      ["an npm package of a Conda application", application("conda-pkg")],
      ["an npm package of a Dart application", application("pub")],
      ["an npm package of the operating system", bom([system, lodash], [{ ref: "os", dependsOn: ["l"] }])],
    ])("is unassessed: %s", async (_, said) => {
      const { outcome, blocking } = await judge(await push({}, [unsignedSbom(said)]))
      expect(outcome).toBe("unassessed")
      expect(blocking).toContain("UNASSESSED")
    })

    it("and is matched where it belongs", async () => {
      expect((await judge(await push({}, [unsignedSbom(application("npm"))]))).blocking).toEqual(["FINDINGS"])
    })
  })

  describe("an SBOM that lists the right packages", () => {
    const low = { severity: "LOW" }
    const source = (version: string) => [
      { name: "aquasecurity:trivy:SrcName", value: "openssl" },
      { name: "aquasecurity:trivy:SrcVersion", value: version },
    ]
    const sbom = (release: string, srcVersion = "3.0.15-1~deb12u1") => {
      const purl = "pkg:deb/debian/libssl3@3.0.15-1~deb12u1?arch=amd64&distro=debian-12.5"
      const system = { type: "operating-system", name: "debian", version: release, "bom-ref": "os" }
      const library = { type: "library", name: "libssl3", version: "3.0.15-1~deb12u1", purl, "bom-ref": "p" }
      return bom([system, { ...library, properties: source(srcVersion) }])
    }
    const crossed = aPolicy({}, { ...low, "cross-examination": "block" })

    it("is told from the file system's by release and by findings; an honest one is not", async () => {
      const honest = await judge(await push(debian, [unsignedSbom(sbom("12.5"))]), crossed)
      expect(honest.blocking).toEqual(["FINDINGS"])
      expect(honest.platform?.comparison).toEqual({ onlyInImage: [], onlyInSbom: [], common: 1 })
    })

    it.each([
      ["release", sbom("99"), ["another operating system: the SBOM's is debian 99, the image's is debian 12.5"]],
      ["source package", sbom("12.5", "99"), []],
    ])("and is clean by another %s: what it hides is named", async (_, said, more) => {
      const image = await push(debian, [unsignedSbom(said)])
      expect((await judge(image, aPolicy({}, low))).outcome).toBe("promote")
      const { blocking, verdict } = await judge(image, crossed)
      expect(new Set(blocking)).toEqual(new Set(["SBOM_MISMATCH"]))
      const hidden = /hidden by the SBOM: \d+ vulnerabilit.* finds: CVE-\d+-\d+ in pkg:deb\/debian\/libssl3@/
      const reasons = verdict.reasons.filter(({ effect }) => effect === "block").map(({ message }) => message)
      expect(reasons).toEqual([...more.map((text) => `linux/amd64: ${text}`), expect.stringMatching(hidden)])
    })

    it("makes the honest one ambiguous, however new it is; one that is attached again does not", async () => {
      const [honest, planted] = [sbom("12.5"), sbom("12.5", "99")]
      const newer = "2026-02-01T00:00:00Z"
      const twice = await judge(await push({}, [unsignedSbom(honest), unsignedSbom(honest, newer)]), aPolicy({}, low))
      expect(twice).toMatchObject({ problems: [], blocking: ["FINDINGS"] })
      const { outcome, problems } = await judge(await push({}, [unsignedSbom(honest), unsignedSbom(planted, newer)]))
      expect({ outcome, problems }).toEqual({ outcome: "blocked-missing-sbom", problems: ["SBOM_AMBIGUOUS"] })
    })
  })

  describe("beside the publisher's SBOM", () => {
    const [honest, planted] = [cyclonedxOf([vulnerable]), cyclonedxOf([safe])]
    const underTag = (key = acme): Attach => {
      return (subject) =>
        attestationTag([
          { ...enveloped(statementOf(honest, subject.digest), key), predicateType: honest.predicateType },
        ])
    }
    const requestsForTag = async () => (await at.requests()).filter(({ path }) => path.endsWith(".att")).length
    const junk = (content: string): Attach => {
      return (subject) => attached(subject, { mediaType: bare("").mediaType, content }, honest.predicateType)
    }

    const tooManyLayers: Attach = (subject) => {
      const layer = { mediaType: bare("").mediaType, content: "{}" }
      const annotations = { "in-toto.io/predicate-type": honest.predicateType }
      return aReferrer(subject, { artifactType: layer.mediaType, annotations, layers: Array(101).fill(layer) })
    }

    const unusable: [string, Attach][] = [
      ["what has more layers than are read", tooManyLayers],
      ["what is no JSON", junk("{")],
      ["an SBOM without packages", unsignedSbom(cyclonedxOf([]))],
      [
        "an SBOM of another image",
        (subject) => attached(subject, bare(statementOf(honest, `sha256:${"0".repeat(64)}`)), honest.predicateType),
      ],
    ]

    it("an unsigned referrer does not hide it under cosign's attestation tag", async () => {
      const image = await push({}, [unsignedSbom(planted)], underTag())
      const { blocking, platform } = await judge(image, trusting)
      expect(blocking).toEqual(["FINDINGS"])
      expect(platform?.sbom?.signature).toMatchObject({ status: "verified", publisher: "acme" })
    })

    it("the tag costs no request where nobody is trusted, or the referrer is signed already", async () => {
      const unsignedOnly = await push({}, [unsignedSbom(planted)])
      const signed = await push({}, [signedSbom(planted)])
      const vexOff = { vex: { referrers: false } }
      const before = await requestsForTag()
      expect((await judge(unsignedOnly, aPolicy({}, vexOff))).outcome).toBe("promote")
      expect((await judge(signed, aPolicy({ acme }, vexOff))).outcome).toBe("promote")
      expect(await requestsForTag()).toBe(before)
    })

    it("one by a publisher of other images does not win, and makes it ambiguous", async () => {
      const pem = acme.publicKey.pem
      const trusted = [{ publisher: "other-team", keys: [pem], images: ["registry.example.com/other/**"] }]
      const limited = aPolicy({}, { trusted })
      const { outcome, problems } = await judge(await push({}, [unsignedSbom(honest), signedSbom(planted)]), limited)
      expect({ outcome, problems }).toEqual({ outcome: "blocked-missing-sbom", problems: ["SBOM_AMBIGUOUS"] })
      const speaking = aPolicy({}, { trusted: [{ ...trusted[0], images: [`${at.address}/planted/**`] }] })
      expect((await judge(await push({}, [unsignedSbom(honest), signedSbom(planted)]), speaking)).outcome).toBe(
        "promote",
      )
    })

    it("one that was tampered with is named, and stops the image", async () => {
      const tampered: Attach = (subject) =>
        attached(subject, bundled(statementOf(honest, subject.digest), stranger, acme), honest.predicateType)
      const { blocking, verdict } = await judge(await push({}, [signedSbom(planted), tampered]), trusting)
      expect(blocking).toEqual(["SIGNATURE_INVALID"])
      expect(messageOf(verdict, "SIGNATURE_INVALID")).toContain("which was not used")
    })

    it("what the registry does not answer for stops it: nobody knows whose it is", async () => {
      const lost = '{"lost":true}'
      const image = await push({}, [junk(lost), signedSbom(planted)])
      await at.fault({ kind: "drop-blob", digest: digestOf(lost) })
      const { outcome, problems } = await judge(image, trusting)
      await at.clearFaults()
      expect({ outcome, problems }).toEqual({ outcome: "blocked-missing-sbom", problems: ["SBOM_UNREADABLE"] })
    })

    it.each<[string, Attach]>([
      ...unusable,
      ["an SBOM with other packages", unsignedSbom(honest, "2027-01-01T00:00:00Z")],
      ["one that a stranger signed", signedSbom(honest, stranger)],
    ])("%s is told and stops nothing; without the publisher's it does", async (_, attach) => {
      const { outcome, verdict } = await judge(await push({}, [attach, signedSbom(planted)]), trusting)
      expect(outcome).toBe("promote")
      expect(codesOf(verdict, "report")).toContain("MISSING_SBOM")
      expect((await judge(await push({}, [attach, unsignedSbom(planted)]), trusting)).outcome).toBe(
        "blocked-missing-sbom",
      )
    })

    describe("in the other format, when no type is asked for", () => {
      const [signedToo, sameToo] = [spdxOf([safe]), spdxOf([vulnerable])]
      const spdxUnderTag =
        (said: TestPredicate, key = acme): Attach =>
        (subject) =>
          attestationTag([{ ...enveloped(statementOf(said, subject.digest), key), predicateType: said.predicateType }])
      const tampered =
        (said: TestPredicate): Attach =>
        (subject) =>
          attached(subject, bundled(statementOf(said, subject.digest), stranger, acme), said.predicateType)
      const judgeAny = (image: ReturnType<typeof refer>, policy: Policy = trusting) =>
        judge(image, policy, { predicateType: "" })

      it("an unsigned one does not hide it under cosign's attestation tag, which is asked for once", async () => {
        const image = await push({}, [unsignedSbom(planted)], spdxUnderTag(sameToo))
        const before = await requestsForTag()
        const vexOff = aPolicy({ acme }, { vex: { referrers: false } })
        const { outcome, platform } = await judgeAny(image, vexOff)
        expect(await requestsForTag()).toBe(before + 1)
        expect({ outcome, sbom: platform?.sbom }).toMatchObject({
          outcome: "blocked",
          sbom: { format: "spdx", signature: { publisher: "acme" } },
        })
      })

      it("the tag costs no request where nobody is trusted", async () => {
        const image = await push({}, [unsignedSbom(planted)], spdxUnderTag(sameToo))
        const before = await requestsForTag()
        await judgeAny(image, aPolicy({}, { vex: { referrers: false } }))
        expect(await requestsForTag()).toBe(before)
      })

      it.each(unusable)("%s is told and stops nothing; without the publisher's it does", async (_, attach) => {
        const { outcome, platform, verdict } = await judgeAny(await push({}, [attach, signedSbom(signedToo)]))
        expect({ outcome, sbom: platform?.sbom }).toMatchObject({ outcome: "promote", sbom: { format: "spdx" } })
        expect(codesOf(verdict, "report")).toContain("MISSING_SBOM")
        const unsignedToo = await judgeAny(await push({}, [attach, unsignedSbom(signedToo)]))
        expect(unsignedToo).toMatchObject({ outcome: "blocked-missing-sbom" })
        expect(unsignedToo.platform?.sbom).toBeUndefined()
      })

      it.each<[string, readonly Attach[], string]>([
        ["alone", [], ""],
        ["beside one that lists the same", [unsignedSbom(planted)], "which was not used"],
        ["beside one that lists less", [unsignedSbom(cyclonedxOf(["pkg:npm/ms@2.1.3"]))], "which was scanned too"],
        ["beside one that cannot be used", [junk("{")], "which was not used"],
      ])("one that was tampered with is named, and stops the image: %s", async (_, attach, how) => {
        const { blocking, verdict, platform } = await judgeAny(await push({}, [...attach, tampered(signedToo)]))
        expect(blocking).toContain("SIGNATURE_INVALID")
        expect(messageOf(verdict, "SIGNATURE_INVALID")).toContain(how)
        const facts = [...(platform?.otherSboms ?? []), platform?.sbom].map((fact) => fact?.signature?.status)
        expect(facts).toContain("invalid")
      })

      it("a tampered one that was chosen first is named where a trusted one is used instead", async () => {
        const { blocking, platform } = await judgeAny(await push({}, [tampered(planted), signedSbom(signedToo)]))
        expect(platform?.sbom).toMatchObject({ format: "spdx", signature: { publisher: "acme" } })
        expect(blocking).toEqual(["SIGNATURE_INVALID"])
      })

      it("says that both were scanned, and who signed which", async () => {
        const { platform } = await judgeAny(await push({}, [unsignedSbom(planted), signedSbom(sameToo, stranger)]))
        expect(platform?.sbom).toMatchObject({ format: "cyclonedx", components: 2, signature: { status: "unsigned" } })
        expect(platform?.otherSboms).toMatchObject([{ scanned: true, signature: { status: "untrusted" } }])
      })

      it("what the registry does not answer for stops it, and what somebody trusted signed and nobody can use", async () => {
        const lost = '{"lost":"spdx"}'
        const lostSpdx: Attach = (subject) =>
          attached(subject, { mediaType: bare("").mediaType, content: lost }, signedToo.predicateType)
        const image = await push({}, [unsignedSbom(planted), lostSpdx])
        await at.fault({ kind: "drop-blob", digest: digestOf(lost) })
        const { outcome, problems } = await judgeAny(image)
        await at.clearFaults()
        expect({ outcome, problems }).toEqual({ outcome: "blocked-missing-sbom", problems: ["SBOM_UNREADABLE"] })
        const empty = await judgeAny(await push({}, [unsignedSbom(planted), signedSbom(spdxOf([]))]))
        expect(empty).toMatchObject({ outcome: "blocked-missing-sbom", problems: ["SBOM_EMPTY"] })
      })
    })
  })
})
