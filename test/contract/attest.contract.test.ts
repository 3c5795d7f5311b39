// The proof of a promoted image over time: renewed, taken back, given again; and what the signing key does not sign.
import { generateKeyPairSync } from "node:crypto"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { attach } from "../../core/attach/attach.js"
import { predicateTypes } from "../../core/attestation/predicate-types.js"
import { createSigner } from "../../core/attestation/signer.js"
import { trustStore } from "../../core/attestation/trust-store.js"
import { verdictPredicateType } from "../../core/evidence/verdict-statement.js"
import type { GateResult } from "../../core/gate/gate-result.js"
import { pin } from "../../core/image/image-graph.js"
import { parsePolicy } from "../../core/policy/document/parse-policy.js"
import { evaluate } from "../../core/policy/judge/evaluate.js"
import type { Caller } from "../../core/ports.js"
import { attest } from "../../core/promote/attest.js"
import { retire } from "../../core/retire/retire.js"
import { verify } from "../../core/verify/verify.js"
import { aReferrer } from "../support/build-referrer.js"
import { HostArchiver } from "../support/host-archiver.js"
import { imagesLayout, pushLayout } from "../support/parts.js"
import { anOperation, context, gateImage, newRegistry, promoteImage, refer, writesOf } from "../support/promotion.js"
import { attachReferrer } from "../support/push-image.js"
import { startRegistry, type TestRegistry } from "../support/registry.js"

const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" })
const signer = createSigner(privateKey.export({ type: "pkcs8", format: "pem" }).toString())
const own = trustStore({ keys: [{ ...signer.publicKey, publisher: "" }] })
const hour = 60 * 60 * 1000
const day = 24 * hour
const policy = parsePolicy("version: 1\ndatabase: { max-age: 60d }\n")
const stricter = parsePolicy("version: 1\nplatforms: [linux/s390x]\n")
const signingAt = (now: Date): Caller => ({ ...context, signer, now: () => now })

describe.each(["api", "distribution"] as const)("attest on %s", (kind) => {
  let at: TestRegistry
  const start = new Date()
  const after = (time: number) => new Date(start.getTime() + time)
  beforeAll(async () => {
    at = await startRegistry(kind)
    await pushLayout(await imagesLayout(), "clean", { registry: at, repository: "quarantine/app" })
  })
  afterAll(() => at.stop())

  /** The image in a repository of its own, promoted now. */
  async function promoted(name: string): Promise<GateResult> {
    const gated = await gateImage(refer(at, "quarantine/app:clean"), { policy, now: start })
    const how = { policy, context: signingAt(start), now: start }
    expect((await promoteImage(gated, refer(at, `${name}:1`), how)).outcome).toBe("promote")
    return gateImage(refer(at, `${name}:1`), { policy, now: start, context: signingAt(start) })
  }
  const attestAt = (gate: GateResult, now: Date, by = policy) => {
    const verdict = evaluate(gate.assessment, by, { now })
    return attest(anOperation({ policy: by, context: signingAt(now) }), { ...gate, verdict })
  }
  const verifyAt = async (name: string, now: Date) => {
    const image = await pin(newRegistry(), refer(at, name))
    return verify({ registry: newRegistry(), trust: own, now: () => now }, { image, maxAge: 2 * day })
  }

  it("renews a proof that got old, for the index and each platform, and writes nothing while it is young", async () => {
    const gate = await promoted("golden/renewed")
    expect((await verifyAt("golden/renewed:1", after(3 * day))).problems.join()).toMatch(/longer ago than 2d/)
    const { attached, outcome } = await attestAt(gate, after(3 * day))
    expect(outcome).toBe("promote")
    const written = attached.filter(({ existing }) => !existing).map(({ predicateType }) => predicateType)
    expect(written.filter((type) => type === predicateTypes.verificationSummary)).toHaveLength(3)
    expect(await verifyAt("golden/renewed:1", after(3 * day))).toMatchObject({ verified: true, problems: [] })
    for (const { digest } of gate.assessment.platforms)
      expect((await verifyAt(`golden/renewed@${digest}`, after(3 * day))).verified).toBe(true)
    await at.resetRequests()
    await attestAt(gate, after(3 * day + hour))
    expect(await writesOf(at)).toEqual([])
  })

  it("takes the proof of what does not pass any more back, and gives it again", async () => {
    const gate = await promoted("golden/withdrawn")
    expect((await attestAt(gate, after(hour), stricter)).outcome).toBe("blocked")
    const withdrawn = await verifyAt("golden/withdrawn:1", after(hour))
    expect(withdrawn).toMatchObject({ verified: false, summary: { result: "FAILED" } })
    expect(withdrawn.problems.join()).toMatch(/its newest verification of .* FAILED/)
    await attestAt(gate, after(2 * hour))
    expect((await verifyAt("golden/withdrawn:1", after(2 * hour))).verified).toBe(true)
  })

  it("writes nothing again for two tags of one digest that are promoted in turn", async () => {
    await promoted("golden/aliases")
    const promoteAs = async (tag: string) => {
      const gated = await gateImage(refer(at, "quarantine/app:clean"), { policy, now: start })
      const image = { ...gated.image, tag }
      const reference = gated.verdict.image.reference.replace(":clean@", `:${tag}@`)
      const verdict = { ...gated.verdict, image: { ...gated.verdict.image, reference } }
      const target = refer(at, `golden/aliases:${tag}`)
      return promoteImage({ ...gated, image, verdict }, target, { policy, context: signingAt(start), now: start })
    }
    for (const tag of ["2", "3"]) expect([tag, (await promoteAs(tag)).outcome]).toEqual([tag, "promote"])
    await at.resetRequests()
    for (const tag of ["2", "3", "2"]) expect([tag, (await promoteAs(tag)).outcome]).toEqual([tag, "unchanged"])
    expect(await writesOf(at)).toEqual([])
  })

  it("finds the newest by what is signed, whatever the dates of others in the listing", async () => {
    const gate = await promoted("golden/many")
    const bytes = (await newRegistry().manifest(refer(at, "golden/many:1"))) ?? ""
    const mediaType = "application/vnd.oci.image.index.v1+json"
    const subject = { mediaType, digest: gate.image.digest, size: bytes.length }
    for (let old = 0; old <= 50; old++) {
      const annotations = {
        "in-toto.io/predicate-type": predicateTypes.verificationSummary,
        "org.opencontainers.image.created": `9999-12-31T00:00:${String(old).padStart(2, "0")}Z`,
      }
      const layers = [{ mediaType: "application/vnd.in-toto+json", content: `{"old":${old}}` }]
      await attachReferrer(at.url, "golden/many", aReferrer(subject, { annotations, layers } as never))
    }
    expect(await verifyAt("golden/many:1", after(hour))).toMatchObject({ verified: true, problems: [] })
  })

  it("does not prove a platform whose index was retired", async () => {
    const gate = await promoted("golden/retired")
    const request = { image: refer(at, "golden/retired:1"), reason: "end of support", delete: false, dryRun: false }
    const operation = { ...anOperation(), archiver: new HostArchiver() }
    await retire(operation, { ...request, deletionWay: { kind: "oci" } })
    for (const { digest } of gate.assessment.platforms)
      expect((await verifyAt(`golden/retired@${digest}`, after(hour))).problems.join()).toMatch(
        /its index sha256:\w+ was retired on .* \(end of support\)/,
      )
  })

  it("needs a key and a fresh verdict, and writes nothing else", async () => {
    const gate = await promoted("golden/refused")
    await at.resetRequests()
    await expect(attest(anOperation({ policy }), gate)).rejects.toThrow(/\[ARGUMENT_INVALID\].*with-signing-key/)
    const late = anOperation({ policy, context: signingAt(after(9 * day)) })
    await expect(attest(late, gate)).rejects.toThrow(/\[VERDICT_STALE\]/)
    expect(await writesOf(at)).toEqual([])
  })

  it.each([
    verdictPredicateType,
    predicateTypes.verificationSummary,
    predicateTypes.acquisitionProvenance,
    predicateTypes.cosignVulnerabilities,
  ])("does not sign a %s that comes from a file", async (predicateType) => {
    const image = await pin(newRegistry(), refer(at, "quarantine/app:clean"))
    const subject = [{ name: "app", digest: { sha256: image.digest.replace("sha256:", "") } }]
    const text = JSON.stringify({ _type: "https://in-toto.io/Statement/v1", subject, predicateType, predicate: {} })
    await at.resetRequests()
    const attached = attach({ registry: newRegistry(), signer }, { image, statement: text, platforms: false })
    await expect(attached).rejects.toThrow(/\[STATEMENT_INVALID\].*signing key/)
    expect(await writesOf(at)).toEqual([])
  })
})
