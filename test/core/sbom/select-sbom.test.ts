// What can go wrong: somebody plants an SBOM that is chosen, or makes an honest one doubtful; a signature counts that is
// for other images; what is wrong with one attachment is told of another, or of nobody.
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { type SignatureFact, unsigned } from "../../../core/attestation/signature.js"
import { digestOf } from "../../../core/oci/digest.js"
import { type ImageManifest, parseManifest } from "../../../core/oci/manifest.js"
import { mediaTypes } from "../../../core/oci/media-types.js"
import { type SbomCandidate } from "../../../core/sbom/sbom-candidate.js"
import { selectSbom } from "../../../core/sbom/select-sbom.js"
import { aDescriptor, aDigest, fixture } from "../oci/fixture.js"

const platformDigest = aDigest("platform")
const [byAcme, byOthers]: SignatureFact[] = ["acme", "other-team"].map((publisher) => ({
  ...{ status: "verified", publisher, key: publisher },
})) as [SignatureFact, SignatureFact]
const isTrusted = ({ status, publisher }: SignatureFact) => status === "verified" && publisher === "acme"
const wanted = { predicateType: "cyclonedx", platformDigest, isTrusted }
const cyclonedx = "https://cyclonedx.org/bom/v1.6"
const key = "in-toto.io/predicate-type"

function aBom(...names: string[]) {
  const components = names.map((name) => ({ type: "library", name, version: "1", purl: `pkg:npm/${name}@1` }))
  return { bomFormat: "CycloneDX", specVersion: "1.6", serialNumber: `urn:${Math.random()}`, components }
}

function aStatement(predicate: unknown, more: object = {}) {
  const subject = [{ name: "", digest: { sha256: platformDigest.slice(7) } }]
  return { _type: "https://in-toto.io/Statement/v0.1", subject, predicateType: cyclonedx, predicate, ...more }
}

type More = { annotations?: object; subject?: unknown; candidate?: Partial<SbomCandidate> }

function aManifest(content: string, { annotations, subject = aDescriptor("platform") }: More): ImageManifest {
  const config = aDescriptor("empty", { mediaType: mediaTypes.ociEmpty })
  const layers = [{ mediaType: mediaTypes.inToto, digest: digestOf(content), size: content.length }]
  const value = {
    mediaType: mediaTypes.ociManifest,
    artifactType: mediaTypes.inToto,
    config,
    layers,
    annotations,
    subject,
  }
  const manifest = parseManifest(JSON.stringify(value), { reference: "registry.test/app" })
  if (manifest.kind !== "image") throw new Error("not an image")
  return manifest
}

function aCandidate(value: unknown, more: More = {}): SbomCandidate {
  const content = typeof value === "string" ? value : JSON.stringify(value)
  const manifest = aManifest(content, { annotations: { [key]: cyclonedx }, ...more })
  return {
    referrer: manifest.digest,
    manifest,
    blob: digestOf(content),
    content,
    signature: unsigned,
    ...more.candidate,
  }
}

function codes(...candidates: SbomCandidate[]) {
  const { selected, problems } = selectSbom(candidates, wanted)
  return { selected: selected !== undefined, codes: problems.map(({ code }) => code) }
}

const usable = { selected: true, codes: [] }

describe("selectSbom", () => {
  it("selects the SBOM of the platform and says where it came from", () => {
    const candidate = aCandidate(aStatement(aBom("a", "b")))
    const { selected, problems } = selectSbom([candidate], wanted)
    expect(problems).toEqual([])
    expect(selected?.source).toEqual({
      predicateType: cyclonedx,
      referrer: candidate.referrer,
      blob: candidate.blob,
      envelope: "statement",
      format: "cyclonedx",
      components: 2,
      signature: { status: "unsigned" },
    })
    expect(selected?.document).toMatchObject({ bomFormat: "CycloneDX" })
  })

  it("accepts a bare document, which only its manifest binds", () => {
    expect(codes(aCandidate(aBom("a")))).toEqual(usable)
    expect(codes(aCandidate(aBom("a"), { annotations: {} }))).toEqual(usable)
  })

  it("accepts a manifest without subject where the caller knows what it is attached to", () => {
    const content = aStatement(aBom("a"))
    expect(codes(aCandidate(content, { subject: null, candidate: { attachedTo: platformDigest } }))).toEqual(usable)
    expect(codes(aCandidate(content, { subject: null }))).toEqual({ selected: false, codes: ["SBOM_FOREIGN_SUBJECT"] })
  })

  it("reads a real DSSE envelope, and finds that it is about another image", () => {
    const content = fixture("trivy/sbom-centos7-cyclonedx.intoto.dsse.json").toString()
    expect(codes(aCandidate(content))).toEqual({ selected: false, codes: ["SBOM_FOREIGN_SUBJECT"] })
    const digest = "sha256:be65f488b7764ad3638f236b7b515b3678369a5124c47b8d32916d6487418ea4"
    const { selected } = selectSbom([aCandidate(content, { subject: aDescriptor("", { digest }) })], {
      predicateType: "https://cyclonedx.org/bom",
      platformDigest: digest as typeof platformDigest,
      isTrusted,
    })
    expect(selected?.source).toMatchObject({ envelope: "dsse", format: "cyclonedx" })
  })

  const foreign = [{ name: "platform", digest: { sha256: aDigest("other").slice(7) } }]
  const spdx = { spdxVersion: "SPDX-2.3", packages: [{ name: "a" }] }
  const other = aDescriptor("other")
  it.each<[string, SbomCandidate, string]>([
    [
      "a statement about another digest",
      aCandidate(aStatement(aBom("a"), { subject: foreign })),
      "SBOM_FOREIGN_SUBJECT",
    ],
    [
      "a manifest attached to another digest",
      aCandidate(aStatement(aBom("a")), { subject: other }),
      "SBOM_FOREIGN_SUBJECT",
    ],
    ["a bare document attached to another digest", aCandidate(aBom("a"), { subject: other }), "SBOM_FOREIGN_SUBJECT"],
    [
      "a subject that the caller's word cannot replace",
      aCandidate(aBom("a"), { subject: other, candidate: { attachedTo: platformDigest } }),
      "SBOM_FOREIGN_SUBJECT",
    ],
    ["what is not JSON", aCandidate("<html>"), "SBOM_UNREADABLE"],
    [
      "a blob that could not be fetched",
      aCandidate("", { candidate: { content: { error: "404" } } }),
      "SBOM_UNREADABLE",
    ],
    ["other bytes than the blob's", aCandidate(aBom("a"), { candidate: { content: "{}" } }), "SBOM_UNREADABLE"],
    [
      "a blob that the manifest does not have",
      aCandidate(aBom("a"), { candidate: { blob: aDigest("x") } }),
      "SBOM_UNREADABLE",
    ],
    ["an SBOM without packages", aCandidate(aStatement(aBom())), "SBOM_EMPTY"],
    ["an SBOM with a broken component", aCandidate(aStatement({ ...aBom(), components: [1] })), "SBOM_UNREADABLE"],
    ["SPDX called CycloneDX", aCandidate(aStatement(spdx)), "SBOM_UNREADABLE"],
    [
      "another statement than announced",
      aCandidate(aStatement({}, { predicateType: "https://slsa.dev/provenance/v1" })),
      "SBOM_UNREADABLE",
    ],
    ["a statement without predicate", aCandidate(aStatement(undefined)), "SBOM_UNREADABLE"],
  ])("refuses %s", (_name, candidate, code) => {
    expect(codes(candidate)).toEqual({ selected: false, codes: [code] })
  })

  it("names what is missing when nothing is attached, or only other types", () => {
    expect(selectSbom([], wanted).problems[0]).toMatchObject({
      code: "SBOM_MISSING",
      message: expect.stringContaining("attach one"),
    })
    const provenance = aStatement({}, { predicateType: "https://slsa.dev/provenance/v1" })
    expect(codes(aCandidate(provenance, { annotations: {} }))).toEqual({ selected: false, codes: ["SBOM_MISSING"] })
  })

  it("reports a broken SBOM even when another one is usable", () => {
    const found = codes(aCandidate(aStatement(aBom("a"))), aCandidate(aStatement(aBom())))
    expect(found).toEqual({ selected: true, codes: ["SBOM_EMPTY"] })
  })

  it("does not call two runs of one generator ambiguous", () => {
    expect(codes(aCandidate(aStatement(aBom("a", "b"))), aCandidate(aStatement(aBom("b", "a"))))).toEqual(usable)
  })

  it("calls SBOMs with different packages ambiguous: one may be planted", () => {
    const found = codes(aCandidate(aStatement(aBom("a", "b"))), aCandidate(aStatement(aBom("a"))))
    expect(found).toEqual({ selected: true, codes: ["SBOM_AMBIGUOUS"] })
  })

  it("names five that say something else, and counts the rest", () => {
    const message = (rivals: number) => {
      const all = Array.from({ length: rivals + 1 }, (_, at) => aCandidate(aStatement(aBom(`a${at}`))))
      const [problem] = selectSbom(all, wanted).problems
      return { text: problem?.message ?? "", digests: problem?.message.match(/sha256:/g)?.length }
    }
    expect(message(5).digests).toBe(6)
    expect(message(5).text).not.toContain("more")
    expect(message(300).digests).toBe(6)
    expect(message(300).text).toContain(" and 295 more say something else")
  })

  it("calls SBOMs with different packages in a container ambiguous, as merged ones have them", () => {
    const merged = (...names: string[]) => {
      const image = { type: "container", name: "app", components: aBom(...names).components }
      return { ...aBom("a"), components: [...aBom("a").components, image] }
    }
    const found = codes(aCandidate(aStatement(merged("a", "vulnerable"))), aCandidate(aStatement(merged("a"))))
    expect(found).toEqual({ selected: true, codes: ["SBOM_AMBIGUOUS"] })
  })

  it("calls SBOMs ambiguous that list the same packages in another way to the scanner", () => {
    const properties = [{ name: "aquasecurity:trivy:SrcVersion", value: "99" }]
    const bom = aBom("a")
    const other = { ...bom, components: bom.components.map((one) => ({ ...one, properties })) }
    expect(codes(aCandidate(aStatement(bom)), aCandidate(aStatement(other))).codes).toEqual(["SBOM_AMBIGUOUS"])
  })

  const by = (signature: SignatureFact, value: unknown, created = "2026-01-01T00:00:00Z") =>
    aCandidate(value, {
      annotations: { [key]: cyclonedx, "org.opencontainers.image.created": created },
      candidate: { signature },
    })

  it("chooses one that is trusted for this image before newer ones, and tells who signed what differs", () => {
    const trusted = by(byAcme, aStatement(aBom("a")))
    const newer = "2026-02-01T00:00:00Z"
    const others = [by(unsigned, aStatement(aBom("b")), newer), by(byOthers, aStatement(aBom("c")), newer)]
    const { selected, problems } = selectSbom([...others, trusted], wanted)
    expect(selected?.source.referrer).toBe(trusted.referrer)
    expect(problems.map(({ code, signature }) => `${code} ${signature?.publisher ?? "nobody"}`).sort()).toEqual([
      "SBOM_AMBIGUOUS nobody",
      "SBOM_AMBIGUOUS other-team",
    ])
  })

  it("takes a signature for other images for none: the newest is chosen, and is ambiguous", () => {
    const honest = by(unsigned, aStatement(aBom("a")), "2026-02-01T00:00:00Z")
    const { selected, problems } = selectSbom([honest, by(byOthers, aStatement(aBom("b")))], wanted)
    expect(selected?.source.referrer).toBe(honest.referrer)
    expect(problems).toMatchObject([{ code: "SBOM_AMBIGUOUS", signature: byOthers }])
  })

  it("keeps who signed the others, whatever is wrong with them; what is of another type is none", () => {
    const invalid: SignatureFact = { status: "invalid", reason: "other bytes" }
    const trusted = by(byAcme, aStatement(aBom("a")))
    const [same, broken] = [by(invalid, aStatement(aBom("a"))), by(byOthers, "<html>")]
    const provenance = aCandidate(aStatement({}, { predicateType: "https://slsa.dev/provenance/v1" }), {
      annotations: {},
    })
    const { others } = selectSbom([trusted, same, broken, provenance], wanted)
    const fact = ({ referrer, blob, signature }: SbomCandidate) => ({ referrer, blob, signature })
    expect(others).toHaveLength(2)
    expect(others).toEqual(expect.arrayContaining([fact(same), fact(broken)]))
    expect(selectSbom([broken], wanted).others).toEqual([fact(broken)])
  })

  it("blames the signer for what is in a document, and nobody for where it is put or how it is announced", () => {
    const signerOf = (candidate: SbomCandidate) => selectSbom([candidate], wanted).problems[0]?.signature
    expect(signerOf(by(byAcme, aStatement(aBom())))).toEqual(byAcme)
    expect(
      signerOf(by(byAcme, aStatement(aBom("a"), { subject: [{ digest: { sha256: aDigest("x").slice(7) } }] }))),
    ).toEqual(unsigned)
    expect(signerOf(by(byAcme, aStatement({}, { predicateType: "https://slsa.dev/provenance/v1" })))).toEqual(unsigned)
    expect(signerOf(aCandidate(aBom("a"), { candidate: { content: "{}", signature: byAcme } }))).toBeUndefined()
  })

  it("reports a wanted statement that is announced as something else", () => {
    const candidate = aCandidate(aStatement(aBom("a")), { annotations: { [key]: "https://spdx.dev/Document" } })
    expect(codes(candidate)).toEqual({ selected: true, codes: ["SBOM_AMBIGUOUS"] })
  })

  it("selects the newest, whatever the order; an unreadable date is the oldest", () => {
    const dated = (name: string, created: string) =>
      aCandidate(aStatement(aBom(name)), {
        annotations: { [key]: cyclonedx, "org.opencontainers.image.created": created },
      })
    const newest = dated("c", "2026-03-01T00:00:00Z")
    const all = [dated("a", "2026-01-01T00:00:00Z"), newest, dated("b", "yesterday")]
    fc.assert(
      fc.property(fc.shuffledSubarray(all, { minLength: 3 }), (candidates) => {
        const result = selectSbom(candidates, wanted)
        expect(result.selected?.source.referrer).toBe(newest.referrer)
        expect(result).toEqual(selectSbom(all, wanted))
      }),
    )
  })
})
