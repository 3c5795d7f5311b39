// VEX after a mirror: the author knows the image by its upstream name, we judge it in quarantine, and only provenance
// that we signed joins the two. What can go wrong: a statement that is lost with the new name, and one that is believed
// without a trusted signature.
import { describe, expect, it } from "vitest"
import { parseDigest } from "../../core/oci/digest.js"
import { parseReference, type Reference } from "../../core/oci/reference.js"
import type { Policy } from "../../core/policy/document/policy.js"
import { evaluate } from "../../core/policy/judge/evaluate.js"
import { codesOf, messageOf } from "../core/policy/build-assessment.js"
import { attachedStatements } from "../support/attached-statements.js"
import { attached, bare, statementOf } from "../support/build-attestation.js"
import type { TestImage } from "../support/build-image.js"
import { aPolicy } from "../support/build-policy.js"
import { highInLodash, lodash, ociPurl, openVex } from "../support/build-vex.js"
import { context, promoteImage } from "../support/promotion.js"
import { aContext, kinds, nth } from "./mirror-world.js"
import { about, acme, type Attach, byUpstream, judging, type Named, ours } from "./vex-world.js"
import { signing, stranger, trusting, vexWorld } from "./vex-world.js"

const place = { id: highInLodash, platform: "linux/amd64", purl: lodash }
const signed = about(byUpstream)
const unsigned: Attach = (name) => {
  const { descriptor } = name.image.root
  const said = byUpstream(name)
  return attached(descriptor, bare(statementOf(said, descriptor.digest)), said.predicateType)
}
const ofOtherImages = { trusted: [{ publisher: "acme", keys: [acme.publicKey.pem], images: ["ghcr.io/**"] }] }

describe.each(kinds)("VEX after a mirror to %s", (kind) => {
  const { mirrors, acquired, judge } = vexWorld(kind)

  it.each<[string, (name: Named) => string]>([
    ["its package URL", ({ upstream }) => ociPurl(upstream)],
    ["its package URL with the digest", ({ upstream, image }) => ociPurl(upstream, image.digest)],
    ["its reference with the tag", ({ upstream }) => `${upstream}:1`],
  ])("suppresses what it names upstream by %s, and says so up to the golden image", async (_, product) => {
    const { repository, image, quarantine } = await acquired({ upstream: [about((name) => openVex(product(name)))] })
    const gated = await judge(quarantine)
    const source = nth(await vexOn(quarantine, image), 0)
    expect(gated.verdict).toMatchObject({
      outcome: "promote",
      remaining: [],
      vex: [{ source, trusted: true, publisher: "acme", suppressed: [place], unmatched: [] }],
    })
    expect(gated.verdict.findings.find(({ id }) => id === highInLodash)).toMatchObject({
      judgement: "suppressed",
      because: {
        by: "acme",
        statement: "not_affected: vulnerable_code_not_in_execute_path",
        source: `referrer ${source}`,
      },
    })
    const golden = parseReference(`${mirrors.target.address}/golden/${repository}:1`)
    const promoted = await promoteImage(gated, golden, { policy: trusting, context: judging })
    expect(promoted).toMatchObject({ outcome: "promote", leftBehind: [] })
    expect(promoted.carried.map(({ digest }) => String(digest))).toContain(source)
    expect((await judge(golden)).verdict).toMatchObject({ outcome: "promote", vex: [{ suppressed: [place] }] })
  })

  const vexOn = async ({ registry, repository }: Reference, { digest }: TestImage) => {
    const found = await attachedStatements({ registry, repository, digest: parseDigest(digest) })
    return found.filter(({ predicateType }) => predicateType.includes("openvex")).map((one) => one.digest)
  }

  it("is judged again from stored facts: the same answer, and another one without the policy's trust", async () => {
    const { quarantine } = await acquired({ upstream: [signed] })
    const { assessment, verdict } = await judge(quarantine)
    const stored = JSON.parse(JSON.stringify(assessment)) as typeof assessment
    const now = new Date(verdict.evaluatedAt)
    expect(evaluate(stored, trusting, { now })).toEqual(verdict)
    expect(evaluate(stored, aPolicy(), { now }).remaining).toEqual([highInLodash])
  })

  it("names a statement that matches nothing, and the document that it is in", async () => {
    const upstream = [signed, about(({ upstream: name }) => openVex(ociPurl(name), { cve: "CVE-2026-9999" }))]
    const { quarantine } = await acquired({ upstream })
    const { vex = [] } = (await judge(quarantine)).verdict
    const told = vex.map(({ suppressed, unmatched }) => [suppressed.length, unmatched])
    expect(told.sort()).toEqual([
      [0, ["CVE-2026-9999"]],
      [1, []],
    ])
  })

  it.each([
    ["nobody signed its provenance", aContext, judging],
    ["a key that is not ours signed its provenance", signing(stranger), judging],
    ["a publisher, and not we, signed its provenance", signing(acme), judging],
    ["nobody says which key is ours", signing(ours), context],
  ])("does not know the upstream name when %s", async (_, by, judgedBy) => {
    const { quarantine } = await acquired({ upstream: [signed], by })
    const { verdict } = await judge(quarantine, trusting, { context: judgedBy })
    expect(verdict).toMatchObject({
      outcome: "blocked",
      remaining: [highInLodash],
      vex: [{ trusted: true, suppressed: [], unmatched: [highInLodash] }],
    })
  })

  it.each<[string, Attach, Policy, string]>([
    ["unsigned", unsigned, trusting, "it is not signed"],
    ["signed by a stranger", about(byUpstream, stranger), trusting, "it is signed by nobody whom the policy trusts"],
    ["of a publisher who is not asked", signed, aPolicy({ acme }, { vex: { publishers: ["b"] } }), 'publisher "acme"'],
    ["of a publisher of other images", signed, aPolicy({}, ofOtherImages), "does not trust this key of acme"],
  ])("does nothing when it is %s, and is named", async (_, attach, policy, why) => {
    const { quarantine } = await acquired({ upstream: [attach] })
    const { verdict } = await judge(quarantine, policy)
    expect(verdict).toMatchObject({ outcome: "blocked", remaining: [highInLodash] })
    expect(codesOf(verdict, "block")).toEqual(["FINDINGS"])
    expect(messageOf(verdict, "VEX_UNTRUSTED")).toContain(`(1 finding that it would have suppressed): `)
    expect(messageOf(verdict, "VEX_UNTRUSTED")).toContain(why)
  })

  it("is not even read when the policy switches referrers off", async () => {
    const { quarantine } = await acquired({ upstream: [signed] })
    const { verdict } = await judge(quarantine, aPolicy({ acme }, { vex: { referrers: false } }))
    expect(verdict).toMatchObject({ outcome: "blocked", remaining: [highInLodash] })
    expect(verdict.vex).toBeUndefined()
  })

  it("counts as the operator's own file, by an author whom the policy asks, and by no other", async () => {
    const name = await acquired()
    const vex = [{ name: "vex.json", text: JSON.stringify(byUpstream(name).predicate) }]
    const of = (author: string) => judge(name.quarantine, aPolicy({}, { vex: { authors: [author] } }), { vex })
    expect((await of("Acme")).verdict).toMatchObject({ outcome: "promote", vex: [{ source: "vex.json" }] })
    const { verdict } = await of("Somebody")
    expect(verdict).toMatchObject({ outcome: "blocked", vex: [{ trusted: false, suppressed: [] }] })
    expect(messageOf(verdict, "VEX_UNTRUSTED")).toContain('its author "Acme" is not among vex.authors')
  })
})
