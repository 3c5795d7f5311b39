// Signed promotions and what a consumer can prove from them: real oras, Trivy and registries.
import { generateKeyPairSync } from "node:crypto"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { createSigner } from "../../core/attestation/signer.js"
import { emptyTrust, trustStore } from "../../core/attestation/trust-store.js"
import { buildVerdictStatement } from "../../core/evidence/verdict-statement.js"
import { canonicalJson } from "../../core/findings/canonical-json.js"
import type { GateResult } from "../../core/gate/gate-result.js"
import { replaySigned } from "../../core/gate/signed-verdict.js"
import { openVerdictFile } from "../../core/gate/verdict-file.js"
import { pin } from "../../core/image/image-graph.js"
import { defaultPolicy } from "../../core/policy/document/policy.js"
import { grantOverride } from "../../core/policy/exceptions/override.js"
import { evaluate } from "../../core/policy/judge/evaluate.js"
import type { Caller } from "../../core/ports.js"
import { verify } from "../../core/verify/verify.js"
import { imagesLayout, pushLayout } from "../support/parts.js"
import { context, gateImage, newRegistry, promoteImage, refer, writesOf } from "../support/promotion.js"
import { startRegistry, type TestRegistry } from "../support/registry.js"

const newSigner = () => {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" })
  return createSigner(privateKey.export({ type: "pkcs8", format: "pem" }).toString())
}
const signer = newSigner()
const signing: Caller = { ...context, signer }
const own = trustStore({ keys: [{ ...signer.publicKey, publisher: "" }] })
const day = 24 * 60 * 60 * 1000

describe.each(["api", "distribution"] as const)("signed evidence on %s", (kind) => {
  let at: TestRegistry
  let clean: GateResult
  let vulnerable: GateResult
  beforeAll(async () => {
    at = await startRegistry(kind)
    const layout = await imagesLayout()
    for (const tag of ["clean", "vulnerable"])
      await pushLayout(layout, tag, { registry: at, repository: "quarantine/app" })
    clean = await gateImage(refer(at, "quarantine/app:clean"))
    vulnerable = await gateImage(refer(at, "quarantine/app:vulnerable"))
  })
  afterAll(() => at.stop())

  const promoteTo = (name: string, gated = clean, how: Caller = signing) =>
    promoteImage(gated, refer(at, name), { context: how })
  const verifyAt = async (
    name: string,
    more: { trust?: typeof own; resource?: string; now?: Date; maxAge?: number } = {},
  ) => {
    const registry = newRegistry()
    const { trust = own, now = new Date(), maxAge = day, ...rest } = more
    const image = await pin(registry, refer(at, name))
    return verify({ registry, trust, now: () => now }, { image, maxAge, ...rest })
  }

  it("proves a promoted image, and each platform of it", async () => {
    await promoteTo("golden/app:1")
    expect(await verifyAt("golden/app:1")).toMatchObject({
      verified: true,
      problems: [],
      summary: { key: signer.publicKey.fingerprint, result: "PASSED", policy: clean.verdict.policy.digest },
    })
    for (const { digest } of clean.assessment.platforms)
      expect(await verifyAt(`golden/app@${digest}`)).toMatchObject({ verified: true, problems: [] })
  })

  it("writes nothing in a second run with the same key", async () => {
    await promoteTo("golden/twice:1")
    await at.resetRequests()
    const again = await promoteTo("golden/twice:1", await gateImage(refer(at, "quarantine/app:clean")))
    expect(again).toMatchObject({ outcome: "unchanged" })
    expect(await writesOf(at)).toEqual([])
  })

  it("does not take unsigned evidence for signed: a run with a key attaches its own", async () => {
    await promoteTo("golden/later:1", clean, context)
    expect(await verifyAt("golden/later:1")).toMatchObject({
      verified: false,
      problems: [expect.anything(), /unsigned/],
    })
    await promoteTo("golden/later:1")
    expect((await verifyAt("golden/later:1")).verified).toBe(true)
  })

  it("proves nothing by another key, for another repository, or after a while", async () => {
    await promoteTo("golden/strict:1")
    const stranger = trustStore({ keys: [{ ...newSigner().publicKey, publisher: "" }] })
    expect((await verifyAt("golden/strict:1", { trust: stranger })).verified).toBe(false)
    await expect(verifyAt("golden/strict:1", { trust: emptyTrust })).rejects.toThrow(/no key is trusted/)
    const other = await verifyAt("golden/strict:1", { resource: `${at.address}/golden/other` })
    expect(other.problems.join()).toContain(`expected "${at.address}/golden/other"`)
    const late = await verifyAt("golden/strict:1", { now: new Date(Date.now() + 2 * day) })
    expect(late).toMatchObject({ verified: false })
    expect(late.problems.join()).toMatch(/longer ago than/)
  })

  it("promotes what a signed verdict was made from, judged again, and nothing that was changed since", () => {
    const bundle = signer.sign(canonicalJson(buildVerdictStatement("quarantine/app", clean.verdict)))
    const { signed } = openVerdictFile(bundle, own)
    if (signed === undefined) throw new Error("not taken as signed")
    const reports = [...clean.reports.values()].map((text, index) => ({ name: `reports/${index}.json`, text }))
    const results = [{ name: "assessment.json", text: canonicalJson(clean.assessment) }, ...reports]
    const operation = { policy: defaultPolicy(), trust: own, now: () => new Date() }
    const replayed = replaySigned(operation, { verdict: signed.verdict, image: clean.image, files: results })
    expect(replayed.verdict).toMatchObject({ passed: true, assessment: clean.verdict.assessment })
    expect([...replayed.reports.keys()].sort()).toEqual([...clean.reports.keys()].sort())
    const [first = { name: "", text: "" }, ...others] = results
    const changed = [{ ...first, text: first.text.replace("linux/amd64", "linux/s390x") }, ...others]
    const again = (files: typeof results) => () =>
      replaySigned(operation, { verdict: signed.verdict, image: clean.image, files })
    expect(again(changed)).toThrow(/VERDICT_UNTRUSTED.*not what was judged/)
    expect(again(results.slice(0, 1))).toThrow(/VERDICT_UNTRUSTED.*is not among the files/)
    expect(() => openVerdictFile(bundle, trustStore({ keys: [{ ...newSigner().publicKey, publisher: "" }] }))).toThrow(
      /VERDICT_UNTRUSTED/,
    )
  })

  it("lets an overridden image pass with the trail in its verdict and annotations, and stops when it expires", async () => {
    const { verdict } = vulnerable
    expect(verdict.passed).toBe(false)
    const request = { approver: "ada", reason: "fix is on its way", reference: "https://issues.example/7" }
    const expires = new Date(Date.now() + day).toISOString()
    const override = grantOverride({ verdict, ...request, cves: [...verdict.remaining], expires }, new Date())
    const approved = evaluate(vulnerable.assessment, defaultPolicy(), { now: new Date(), override })
    expect(approved).toMatchObject({ passed: true, override: { approver: "ada", state: "used" } })
    const result = await promoteTo("golden/overridden:1", { ...vulnerable, verdict: approved })
    expect(result.outcome).toBe("promote")
    expect((await verifyAt("golden/overridden:1")).verified).toBe(true)
    const later = new Date(Date.now() + 2 * day)
    const expired = await verifyAt("golden/overridden:1", { now: later, maxAge: 7 * day })
    expect(expired.problems.join()).toMatch(/the override by ada has expired/)
    expect(evaluate(vulnerable.assessment, defaultPolicy(), { now: later, override }).passed).toBe(false)
  })
})
