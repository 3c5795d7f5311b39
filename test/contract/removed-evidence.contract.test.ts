// What came with an image and is not listed any more. On a registry without the referrers API one PUT of a tag hides it,
// elsewhere a DELETE; the mirror signs the list of what it brought, so that it is missed.
import { describe, expect, it } from "vitest"
import { parseReference } from "../../core/oci/reference.js"
import { parsePolicy } from "../../core/policy/document/parse-policy.js"
import { codesOf, messageOf } from "../core/policy/build-assessment.js"
import { aSigned } from "../support/build-attestation.js"
import { manifestOf, type TestManifest, testMediaTypes } from "../support/build-manifest.js"
import { aStatement } from "../support/build-referrer.js"
import { cyclonedxOf } from "../support/build-sbom.js"
import { openVex } from "../support/build-vex.js"
import { platformOf } from "../support/odd-images.js"
import { gateImage, promoteImage } from "../support/promotion.js"
import { attachReferrer, pushManifest, send } from "../support/push-image.js"
import { kinds, nth } from "./mirror-world.js"
import { about, acme, type Attach, judging, type Named, ours, signing, stranger, vexWorld } from "./vex-world.js"

const policy = parsePolicy("version: 1\n")
const acquisition = "https://toddysm.com/acquisition-provenance/v0.1"
const clean = cyclonedxOf(["pkg:npm/left-pad@1.3.0"])
// Signed once for an image: each signature makes another digest.
const retractions = new Map<string, TestManifest>()
const sign = about(({ upstream }) => openVex(upstream, { status: "affected" }))
const retraction: Attach = (name) => {
  const made = retractions.get(name.upstream) ?? sign(name)
  retractions.set(name.upstream, made)
  return made
}

describe.each(kinds)("evidence that is gone on %s", (kind) => {
  const { mirrors, acquired, judge } = vexWorld(kind)
  const later = (time: string) => ({ ...signing(ours), now: () => new Date(time) })

  // As whoever may push does it, where the list is a tag; by a DELETE where it is not.
  async function hide(repository: string, subject: string, digests: readonly string[]): Promise<void> {
    const { url } = mirrors.target
    const path = `/v2/quarantine/${repository}/manifests/`
    if (kind === "api") {
      for (const digest of digests) expect((await send(url, "DELETE", path + digest)).ok).toBe(true)
      return
    }
    const tag = subject.replace(":", "-")
    const list = (await (await send(url, "GET", path + tag, { accept: testMediaTypes.index })).json()) as Listing
    const manifests = list.manifests.filter(({ digest }) => !digests.includes(digest))
    expect(manifests.length).toBe(list.manifests.length - digests.length)
    await pushManifest(url, `quarantine/${repository}`, manifestOf(testMediaTypes.index, { ...list, manifests }), tag)
  }
  type Listing = { readonly manifests: readonly { readonly digest: string }[] }

  const provenanceOf = async (repository: string, subject: string) => {
    const { registry, ...at } = parseReference(`${mirrors.target.address}/quarantine/${repository}@${subject}`)
    const tree = await mirrors.client().referrers({ registry, ...at })
    const own = (tree?.referrers ?? []).filter((one) => one.annotations["in-toto.io/predicate-type"] === acquisition)
    return own.map(({ digest }) => digest)
  }
  const replaceSbom = async ({ repository, image }: Named) => {
    const at = platformOf(image)
    await attachReferrer(mirrors.target.url, `quarantine/${repository}`, aStatement(at, clean))
    await hide(repository, at.digest, [nth(image.referrers, 0).descriptor.digest])
  }

  it("blocks when an SBOM is replaced by a clean one, and names it", async () => {
    const name = await acquired()
    expect(codesOf((await judge(name.quarantine, policy)).verdict, "block")).toEqual(["FINDINGS"])
    await replaceSbom(name)
    const { verdict } = await judge(name.quarantine, policy)
    expect(codesOf(verdict, "block")).toEqual(["EVIDENCE_REMOVED"])
    expect(messageOf(verdict, "EVIDENCE_REMOVED")).toContain(nth(name.image.referrers, 0).descriptor.digest)
  })

  it("blocks when the image's own provenance went too: each platform's names everything", async () => {
    const name = await acquired()
    await replaceSbom(name)
    await hide(name.repository, name.image.digest, await provenanceOf(name.repository, name.image.digest))
    expect(codesOf((await judge(name.quarantine, policy)).verdict, "block")).toEqual(["EVIDENCE_REMOVED"])
  })

  it("asks for the provenance itself by the policy", async () => {
    const name = await acquired()
    const asking = parsePolicy(`version: 1\nevidence: {required: ["${acquisition}"]}\nsignatures: {evidence: block}\n`)
    const digest = platformOf(name.image).digest
    expect(codesOf((await judge(name.quarantine, asking)).verdict, "block")).toEqual(["FINDINGS"])
    await hide(name.repository, digest, await provenanceOf(name.repository, digest))
    expect(codesOf((await judge(name.quarantine, asking)).verdict, "block")).toContain("EVIDENCE_MISSING")
  })

  it("blocks when a retraction of VEX on the index is gone", async () => {
    const name = await acquired({ upstream: [retraction] })
    const { digest } = retraction(name).descriptor
    await hide(name.repository, name.image.digest, [digest])
    expect(messageOf((await judge(name.quarantine)).verdict, "EVIDENCE_REMOVED")).toContain(digest)
  })

  it("goes by the newest provenance: what its author took back upstream is not missed", async () => {
    const name = await acquired({ upstream: [retraction] })
    const { digest } = retraction(name).descriptor
    await hide(name.repository, name.image.digest, [digest])
    expect((await send(mirrors.source.url, "DELETE", `/v2/${name.repository}/manifests/${digest}`)).ok).toBe(true)
    await mirrors.mirror(name.repository, { provenance: true, force: true, context: later("2026-02-01T00:00:00Z") })
    expect(codesOf((await judge(name.quarantine)).verdict, "block")).toEqual(["FINDINGS"])
  })

  it("names what came later as well, once a mirror brought it", async () => {
    const name = await acquired()
    const { digest } = retraction(name).descriptor
    await attachReferrer(mirrors.source.url, name.repository, retraction(name))
    const again = { provenance: true, context: later("2026-02-01T00:00:00Z") }
    expect((await mirrors.mirror(name.repository, again)).provenance).toHaveLength(2)
    expect((await mirrors.mirror(name.repository, again)).provenance).toEqual([])
    await hide(name.repository, name.image.digest, [digest])
    expect(messageOf((await judge(name.quarantine)).verdict, "EVIDENCE_REMOVED")).toContain(digest)
  })

  it("believes nobody else who says what was there", async () => {
    const name = await acquired()
    const predicate = {
      source: { registry: "docker.io", repository: "library/app" },
      destination: { reference: `${name.quarantine.registry}/${name.quarantine.repository}:1` },
      acquiredAt: "2026-03-01T00:00:00Z",
      referrers: { [name.image.digest]: [`sha256:${"0".repeat(64)}`] },
    }
    const planted = aSigned(name.image.root.descriptor, { predicateType: acquisition, predicate }, stranger)
    await attachReferrer(mirrors.target.url, `quarantine/${name.repository}`, planted)
    expect(codesOf((await judge(name.quarantine, policy)).verdict, "block")).toEqual(["FINDINGS"])
  })

  it("is not missed where a promotion left it behind", async () => {
    const scan = { predicateType: "https://cosign.sigstore.dev/attestation/vuln/v1", predicate: {} }
    const name = await acquired({ upstream: [({ image }) => aSigned(image.root.descriptor, scan, acme)] })
    const lenient = parsePolicy("version: 1\nseverity: CRITICAL\n")
    const by = { ...signing(ours), ...judging }
    const gated = await gateImage(name.quarantine, { policy: lenient, context: by })
    expect(codesOf(gated.verdict, "block")).toEqual([])
    const golden = parseReference(`${mirrors.target.address}/golden/${name.repository}:1`)
    const { leftBehind } = await promoteImage(gated, golden, { policy: lenient, context: by })
    expect(leftBehind.length).toBeGreaterThan(0)
    expect(codesOf((await gateImage(golden, { policy: lenient, context: by })).verdict, "block")).toEqual([])
  })
})
