// Quarantine is a place where others write. What can go wrong: a document about everything, about another image or
// another digest clears this one; a right signature is moved to where it was not given; provenance of another image
// lends its name. The signer is trusted in each case, so that nothing but what is said can refuse it.
import { describe, expect, it } from "vitest"
import { parseReference } from "../../core/oci/reference.js"
import type { TestKey } from "../core/attestation/build-signed.js"
import { codesOf, messageOf } from "../core/policy/build-assessment.js"
import { aSigned, attached, bare, bundled, simpleSignature, statementOf } from "../support/build-attestation.js"
import { digestOf } from "../support/build-manifest.js"
import { aReferrer } from "../support/build-referrer.js"
import type { TestPredicate } from "../support/build-sbom.js"
import { highInLodash, ociPurl, openVex } from "../support/build-vex.js"
import { platformOf } from "../support/odd-images.js"
import { attachReferrer } from "../support/push-image.js"
import { nth } from "./mirror-world.js"
import { about, acme, type Attach, byUpstream, type Named, stranger, vexWorld } from "./vex-world.js"

const other = digestOf("another image")
const acquisition = "https://toddysm.com/acquisition-provenance/v0.1"

// Without the referrers API: there each attachment is listed under a tag, which is the harder case.
describe.each(["distribution"] as const)("VEX that is planted on %s", (kind) => {
  const { mirrors, acquired, judge } = vexWorld(kind)
  const judged = async (...planted: Attach[]) => (await judge((await acquired({ planted })).quarantine)).verdict

  it("counts when it is right: what follows differs in one thing only", async () => {
    expect(await judged(about(byUpstream))).toMatchObject({ outcome: "promote", remaining: [] })
  })

  it.each<[string, (name: Named) => TestPredicate, string?]>([
    ["every image", () => openVex("pkg:oci/*"), "has a wildcard"],
    ["every repository there", ({ upstream }) => openVex(ociPurl(upstream.replace(/[^/]+$/, "*"))), "has a wildcard"],
    ["every version", ({ upstream }) => openVex(`${ociPurl(upstream)}%2A`), "has a wildcard"],
    ["another repository", ({ upstream }) => openVex(ociPurl(`${upstream}-other`))],
    ["another registry", ({ repository }) => openVex(ociPurl(`registry.example.com/${repository}`))],
    ["another digest", ({ upstream }) => openVex(ociPurl(upstream, other))],
    ["another tag", ({ upstream }) => openVex(`${upstream}:2`)],
    ["another package", ({ upstream }) => openVex(ociPurl(upstream), { subcomponents: ["pkg:npm/x@1"] })],
    ["another version", ({ upstream }) => openVex(ociPurl(upstream), { subcomponents: ["pkg:npm/lodash@4.17.19"] })],
    ["tomorrow", ({ upstream }) => openVex(ociPurl(upstream), { timestamp: "2999-01-01T00:00:00Z" }), "the future"],
    [
      "a fix of no version",
      ({ upstream }) => openVex(ociPurl(upstream), { status: "fixed", subcomponents: [] }),
      "no version",
    ],
  ])("clears nothing when it is about %s", async (_, said, why) => {
    const verdict = await judged(about(said))
    expect(verdict).toMatchObject({ outcome: "blocked", remaining: [highInLodash] })
    expect(verdict.vex).toEqual([expect.objectContaining({ trusted: true, suppressed: [], unmatched: [highInLodash] })])
    expect(messageOf(verdict, "VEX_UNUSABLE") ?? "").toContain(why ?? "")
    expect(codesOf(verdict, "report").includes("VEX_UNUSABLE")).toBe(why !== undefined)
  })

  it("clears nothing with a statement that was signed for another image, and names it", async () => {
    const verdict = await judged(({ image, upstream }) => {
      const said = openVex(ociPurl(upstream))
      return attached(image.root.descriptor, bundled(statementOf(said, other), acme), said.predicateType)
    })
    expect(verdict.remaining).toEqual([highInLodash])
    expect(messageOf(verdict, "VEX_UNUSABLE")).toContain("its statement is about something else")
  })

  it.each<[string, Attach]>([
    ["attached to", (name) => aSigned(platformOf(name.image, 1), byUpstream(name), acme)],
    ["names by its digest", about(({ upstream, image }) => openVex(ociPurl(upstream, platformOf(image, 1).digest)))],
  ])("clears only the platform that it is %s, and not its neighbour", async (_, attach) => {
    const platforms = ["linux/amd64", "linux/arm64"]
    const { verdict } = await judge((await acquired({ platforms, upstream: [attach] })).quarantine)
    const high = verdict.findings.filter(({ id }) => id === highInLodash)
    expect(high.map(({ platform, judgement }) => [platform, judgement])).toEqual([
      ["linux/amd64", "blocking"],
      ["linux/arm64", "suppressed"],
    ])
  })

  it("stops the image when it claims a trusted key that did not sign it", async () => {
    const verdict = await judged(about(byUpstream), ({ image, upstream }) => {
      const said = openVex(ociPurl(upstream), { author: "Forger" })
      const { descriptor } = image.root
      return attached(descriptor, bundled(statementOf(said, descriptor.digest), stranger, acme), said.predicateType)
    })
    expect(verdict.outcome).toBe("blocked")
    expect(codesOf(verdict, "block")).toEqual(["SIGNATURE_INVALID"])
  })

  it("cannot take back in silence: the newest statement wins, and a contradiction at one time is named", async () => {
    const affected = (timestamp: string) =>
      about(({ upstream }) => openVex(ociPurl(upstream), { status: "affected", timestamp }))
    expect((await judged(about(byUpstream), affected("2026-02-01T00:00:00Z"))).remaining).toEqual([highInLodash])
    expect((await judged(about(byUpstream), affected("2025-02-01T00:00:00Z"))).remaining).toEqual([])
    const conflict = await judged(about(byUpstream), affected("2026-01-01T00:00:00Z"))
    expect(codesOf(conflict, "block")).toEqual(["FINDINGS", "VEX_CONFLICT"])
  })

  it.each([25, 120])("hides no retraction below %i signatures of strangers", async (junk) => {
    const retraction = ({ image, upstream }: Named) => {
      const said = openVex(ociPurl(upstream), { status: "affected", timestamp: "2026-02-01T00:00:00Z" })
      return attached(image.root.descriptor, bare(statementOf(said, image.digest)), said.predicateType)
    }
    const signatureOf = (key: TestKey, about?: string) => (name: Named) =>
      simpleSignature(retraction(name).descriptor, key, about === undefined ? {} : { about })
    const strangers = Array.from({ length: junk }, (_, at) => signatureOf(stranger, digestOf(`junk ${at}`)))
    const signed = await judged(about(byUpstream), retraction, signatureOf(acme))
    expect(signed).toMatchObject({ passed: false, remaining: [highInLodash] })
    const [some, others] = [strangers.slice(0, junk / 2), strangers.slice(junk / 2)]
    const flooded = await judged(about(byUpstream), retraction, ...some, signatureOf(acme), ...others)
    expect(flooded.passed).toBe(false)
    expect(codesOf(flooded, "block")).toEqual([junk > 100 ? "SIGNATURE_INVALID" : "FINDINGS"])
  })

  it("takes no number of Notation's signatures for hidden ones, and a hundred and one in one manifest for them", async () => {
    const retraction = ({ image, upstream }: Named) => {
      const said = openVex(ociPurl(upstream), { status: "affected", timestamp: "2026-02-01T00:00:00Z" })
      return attached(image.root.descriptor, bare(statementOf(said, image.digest)), said.predicateType)
    }
    const numbers = Array.from({ length: 101 }, (_, at) => String(at))
    const signature =
      (artifactType: string, contents: readonly string[], mediaType = artifactType) =>
      (name: Named) =>
        aReferrer(retraction(name).descriptor, {
          artifactType,
          layers: contents.map((content) => ({ mediaType, content })),
        })
    const notation = numbers.map((at) => signature("application/vnd.cncf.notary.signature", [at]))
    expect(await judged(about(byUpstream), retraction, ...notation)).toMatchObject({ outcome: "promote" })
    const simple = "application/vnd.dev.cosign.simplesigning.v1+json"
    const flooded = await judged(about(byUpstream), retraction, signature(simple, numbers))
    expect(codesOf(flooded, "block")).toEqual(["SIGNATURE_INVALID"])
  })

  it("gains no name by our provenance of another image", async () => {
    const donor = await acquired()
    const client = mirrors.client()
    const tree = await client.referrers(
      parseReference(`${donor.quarantine.registry}/${donor.quarantine.repository}@${donor.image.digest}`),
    )
    const ours = (tree?.referrers ?? []).filter(
      ({ annotations }) => annotations["in-toto.io/predicate-type"] === acquisition,
    )
    const manifest = JSON.parse((await client.manifest({ ...donor.quarantine, digest: nth(ours, 0).digest })) ?? "{}")
    const content = (await client.blob(donor.quarantine, manifest.layers[0])).toString()
    const { image, repository, quarantine } = await acquired()
    const moved = attached(image.root.descriptor, { mediaType: manifest.layers[0].mediaType, content }, acquisition)
    const said = openVex(ociPurl(donor.upstream))
    for (const plant of [moved, aSigned(image.root.descriptor, said, acme)])
      await attachReferrer(mirrors.target.url, `quarantine/${repository}`, plant)
    const { assessment, verdict } = await judge(quarantine)
    expect(verdict).toMatchObject({ outcome: "blocked", remaining: [highInLodash], vex: [{ suppressed: [] }] })
    expect(assessment.vex?.products.map(({ by }) => by)).toEqual(["image", "provenance"])
  })
})
