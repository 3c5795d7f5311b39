// A promotion that is signed keyless, by a Sigstore instance on this machine: proven by our verify and by the real cosign,
// by issuer and subject; what another identity signed proves nothing, and an outage leaves the tag where it is.
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { createKeylessSigner } from "../../core/attestation/keyless-signer.js"
import { parseTrustRoot } from "../../core/attestation/trust-root.js"
import { emptyTrust, type TrustStore, trustStore } from "../../core/attestation/trust-store.js"
import type { GateResult } from "../../core/gate/gate-result.js"
import { pin } from "../../core/image/image-graph.js"
import type { Digest } from "../../core/oci/digest.js"
import { parseReference } from "../../core/oci/reference.js"
import type { Caller } from "../../core/ports.js"
import { verify } from "../../core/verify/verify.js"
import { keylessServices, type KeylessUrls } from "../../sigstore/keyless-services.js"
import { Cosign, timeToBuildCosign } from "../cosign/run-cosign.js"
import { anImage } from "../support/build-image.js"
import { hostCosign, imagesLayout, pushLayout } from "../support/parts.js"
import { context, gateImage, newRegistry, promoteImage, refer, tagDigest, writesOf } from "../support/promotion.js"
import { pushImage } from "../support/push-image.js"
import { startRegistry, type TestRegistry } from "../support/registry.js"
import { type Fault, type Service, type SigstoreServices, startSigstore } from "../support/sigstore-services.js"
import { aRepository, mirrorWorld } from "./mirror-world.js"

const workflow = "acme/ci/.github/workflows/promote.yml@refs/heads/main"
const subject = `https://github.com/${workflow}`
const types = [
  "https://slsa.dev/verification_summary/v1",
  "https://cssc.dev/verdict/v1",
  "https://cosign.sigstore.dev/attestation/vuln/v1",
]

describe.each(["api"] as const)("a keyless promotion on %s", (kind) => {
  const cosign = new Cosign()
  let sigstore: SigstoreServices
  let at: TestRegistry
  let clean: GateResult
  beforeAll(async () => {
    await hostCosign()
    sigstore = await startSigstore()
    at = await startRegistry(kind)
    await pushLayout(await imagesLayout(), "clean", { registry: at, repository: "quarantine/app" })
    clean = await gateImage(refer(at, "quarantine/app:clean"))
  }, timeToBuildCosign)
  afterAll(async () => {
    cosign.remove()
    await at.stop()
    await sigstore.stop()
  })

  const root = (without: readonly string[] = []) => parseTrustRoot(sigstore.trustedRoot(without))
  const trusting = (identity: { issuer?: string; subject?: string } = {}): TrustStore =>
    trustStore({ identities: [{ issuer: sigstore.issuer, subject, publisher: "", ...identity }], root: root() })
  const signingAs = (name: string, urls?: KeylessUrls, trust?: TrustStore): Caller => {
    const { url } = sigstore
    const all = urls ?? { fulcio: url, rekor: { url, version: 1 }, timestamp: url }
    const services = keylessServices(all, { retries: 0, minTimeout: 1 })
    const token = () => Promise.resolve(sigstore.token("repo:acme/ci", { job_workflow_ref: name }))
    const by = trust ?? trusting({ subject: `https://github.com/${name}` })
    const { root: trustRoot } = by
    const signer = createKeylessSigner({ services, token, audience: "sigstore", trust: by, now: () => new Date() })
    return { ...context, signer, ...(trustRoot && { trustRoot }) }
  }
  const promoteTo = (name: string, how = signingAs(workflow)) => promoteImage(clean, refer(at, name), { context: how })
  const verifyAt = async (name: string, trust = trusting(), resource?: string) => {
    const registry = newRegistry()
    const request = { image: await pin(registry, refer(at, name)), maxAge: 60_000, ...(resource && { resource }) }
    return verify({ registry, trust, now: () => new Date() }, request)
  }
  type By = { issuer?: string; subject?: string; trustedRoot?: string; flags?: string[]; digest?: string }
  const cosignAt = (name: string, type: string, { flags = [], digest = clean.image.digest, ...by }: By = {}) => {
    const signer = { issuer: sigstore.issuer, subject, trustedRoot: sigstore.trustedRoot(), ...by }
    return cosign.verifyKeyless(`${at.address}/${name}@${digest}`, type, signer, flags)
  }

  it("is proven by issuer and subject: by our verify, and each document by cosign", async () => {
    await promoteTo("golden/app:1")
    expect(await verifyAt("golden/app:1")).toMatchObject({
      verified: true,
      problems: [],
      summary: { key: `${sigstore.issuer} ${subject}`, result: "PASSED" },
    })
    for (const { digest } of clean.assessment.platforms)
      expect(await verifyAt(`golden/app@${digest}`)).toMatchObject({ verified: true, problems: [] })
    for (const type of types) {
      const said = await cosignAt("golden/app", type)
      expect(said.said).toContain("The code-signing certificate was verified using trusted certificate authority")
      expect(said.ok).toBe(true)
    }
  })

  it("proves nothing of another subject, issuer, root or repository: to us, and to cosign", async () => {
    await promoteTo("golden/strict:1")
    const other = await startSigstore()
    const foreign = trustStore({ ...trusting(), root: parseTrustRoot(other.trustedRoot()) })
    const theirs = other.trustedRoot()
    await other.stop()
    const said = { key: "whom nobody trusts", root: "does not verify" }
    const asked: [TrustStore, string, object][] = [
      [trusting({ subject: `${subject}.evil` }), said.key, { subject: `${subject}.evil` }],
      [trusting({ issuer: "https://gitlab.com" }), said.key, { issuer: "https://gitlab.com" }],
      [foreign, said.root, { trustedRoot: theirs }],
    ]
    for (const [trust, why, by] of asked) {
      const verification = await verifyAt("golden/strict:1", trust)
      expect(verification.verified).toBe(false)
      expect(verification.problems.join()).toContain(why)
      for (const type of types)
        expect(await cosignAt("golden/strict", type, by)).toMatchObject({ ok: false, output: "" })
    }
    await expect(verifyAt("golden/strict:1", emptyTrust)).rejects.toThrow(/no key is trusted.*with-trusted-identity/)
    const elsewhere = await verifyAt("golden/strict:1", trusting(), `${at.address}/golden/other`)
    expect(elsewhere.problems.join()).toContain(`expected "${at.address}/golden/other"`)
  })

  it("is not what another workflow's token signs, whole as it is", async () => {
    const fork = "mallory/ci/.github/workflows/promote.yml@refs/heads/main"
    await promoteTo("golden/stolen:1", signingAs(fork))
    const found = await verifyAt("golden/stolen:1")
    expect(found.verified).toBe(false)
    expect(found.problems.join()).toContain(`it is signed by https://github.com/${fork}`)
    for (const type of types) expect(await cosignAt("golden/stolen", type)).toMatchObject({ ok: false, output: "" })
    // Ours is attached beside it, and decides.
    await promoteTo("golden/stolen:1")
    expect(await verifyAt("golden/stolen:1")).toMatchObject({ verified: true, problems: [] })
  })

  it("with a token of another workflow than ours writes no evidence and moves no tag", async () => {
    const caller = signingAs("mallory/ci/.github/workflows/promote.yml@refs/heads/main", undefined, trusting())
    await expect(promoteTo("golden/wrong:1", caller)).rejects.toThrow(/IDENTITY_TOKEN_INVALID.*no identity of ours/)
    expect(await tagDigest(at, "golden/wrong:1")).toBeUndefined()
  })

  it("proves nothing where a statement of it is attached to another image", async () => {
    await promoteTo("golden/copied:1")
    await pushLayout(await imagesLayout(), "vulnerable", { registry: at, repository: "golden/copied" })
    const image = refer(at, "golden/copied:1")
    const victim = await pin(newRegistry(), refer(at, "golden/copied:vulnerable"))
    const { referrers = [] } = (await newRegistry().referrers(image)) ?? {}
    for (const { digest, annotations } of referrers) {
      const manifest = JSON.parse((await newRegistry().manifest({ ...image, digest })) ?? "{}") as Manifest
      const [layer] = manifest.layers
      if (layer === undefined) continue
      const content = (await newRegistry().blob(image, layer)).toString()
      const mediaType = layer.mediaType
      const artifact = { artifactType: mediaType, mediaType, fileName: "copied.json", content, annotations }
      await newRegistry().attach(victim, artifact)
    }
    const found = await verifyAt("golden/copied:vulnerable")
    expect(found.verified).toBe(false)
    expect(found.problems.join()).toContain("it was signed for another digest")
    const said = await cosignAt("golden/copied", types[0] ?? "", { digest: victim.digest })
    expect(said).toMatchObject({ ok: false, output: "" })
  })

  it("is there already in a second run: nothing is signed, and nothing written", async () => {
    await promoteTo("golden/twice:1")
    await at.resetRequests()
    sigstore.requests.splice(0)
    expect(await promoteTo("golden/twice:1")).toMatchObject({ outcome: "unchanged" })
    expect(await writesOf(at)).toEqual([])
    expect(sigstore.requests).toEqual([])
  })

  it.each<[Service, Fault, string]>([
    ["fulcio", { status: 503 }, "SIGNING_UNAVAILABLE"],
    ["rekor", { disconnect: true }, "SIGNING_UNAVAILABLE"],
    ["timestamp", { status: 502 }, "SIGNING_UNAVAILABLE"],
    ["fulcio", { status: 403 }, "IDENTITY_TOKEN_INVALID"],
    ["rekor", { status: 400 }, "SIGNING_FAILED"],
  ])("stops before any tag moved when %s answers %j, and is repeated well", async (service, fault, code) => {
    const name = `golden/outage-${service}-${code.toLowerCase()}`
    sigstore.breakDown(service, fault)
    try {
      await expect(promoteTo(`${name}:1`)).rejects.toThrow(code)
    } finally {
      sigstore.breakDown(service, undefined)
    }
    expect(await tagDigest(at, `${name}:1`)).toBeUndefined()
    expect(await promoteTo(`${name}:1`)).toMatchObject({ outcome: "promote" })
    expect((await verifyAt(`${name}:1`)).verified).toBe(true)
  })

  it("attaches nothing that does not verify, and moves no tag: here another log's entry", async () => {
    const other = await startSigstore()
    const { url } = sigstore
    const urls = { fulcio: url, timestamp: url, rekor: { url: other.url, version: 1 } } as const
    try {
      await expect(promoteTo("golden/lied:1", signingAs(workflow, urls))).rejects.toThrow(
        /SIGNING_FAILED.*does not verify/,
      )
    } finally {
      await other.stop()
    }
    expect(await tagDigest(at, "golden/lied:1")).toBeUndefined()
  })

  it("of a private instance without a log is proven by its timestamps, to us and to cosign", async () => {
    const unlogged = trustStore({ identities: trusting().identities, root: root(["tlogs"]) })
    const services = { fulcio: sigstore.url, timestamp: sigstore.url }
    sigstore.requests.splice(0)
    await promoteTo("golden/private:1", signingAs(workflow, services, unlogged))
    expect(sigstore.requests.filter(({ path }) => path.includes("/log/"))).toEqual([])
    expect(await verifyAt("golden/private:1", unlogged)).toMatchObject({ verified: true, problems: [] })
    const demanded = await verifyAt("golden/private:1")
    expect(demanded.verified).toBe(false)
    expect(demanded.problems.join()).toContain("expected 1 tlog entries, got 0")
    const flags = ["--insecure-ignore-tlog", "--use-signed-timestamps"]
    const by = { trustedRoot: sigstore.trustedRoot(["tlogs"]), flags }
    for (const type of types) expect(await cosignAt("golden/private", type, by)).toMatchObject({ ok: true })
    expect(await cosignAt("golden/private", types[0] ?? "")).toMatchObject({ ok: false, output: "" })
  })
})

describe("keyless acquisition provenance", () => {
  const world = mirrorWorld("api", "api")
  let sigstore: SigstoreServices
  beforeAll(async () => {
    sigstore = await startSigstore()
  })
  afterAll(() => sigstore.stop())

  it("comes along to golden as ours, and stays behind for who does not trust the identity", async () => {
    const identity = { issuer: sigstore.issuer, subject, publisher: "" }
    const trust = trustStore({ identities: [identity], root: parseTrustRoot(sigstore.trustedRoot()) })
    const services = keylessServices({
      fulcio: sigstore.url,
      timestamp: sigstore.url,
      rekor: { url: sigstore.url, version: 1 },
    })
    const token = () => Promise.resolve(sigstore.token("repo:acme/ci", { job_workflow_ref: workflow }))
    const signer = createKeylessSigner({ services, token, audience: "sigstore", trust, now: () => new Date() })
    const repository = aRepository()
    const image = anImage({ layers: [repository], sbom: "cyclonedx", packages: ["pkg:npm/minimist@1.2.8"] })
    await pushImage(world.source.url, repository, "1", image)
    await world.mirror(repository, { provenance: true, context: { ...context, signer } })
    const quarantine = parseReference(`${world.target.address}/quarantine/${repository}:1`)
    const golden = (name: string) => parseReference(`${world.target.address}/${name}/${repository}:1`)
    const [root, identities] = [trust.root, [identity]]
    const knowing: Caller = { ...context, identities, ...(root && { trustRoot: root }) }
    const gated = await gateImage(quarantine, { context: knowing })
    const known = await promoteImage(gated, golden("golden"), { context: knowing })
    expect(known.leftBehind).toEqual([])
    const stranger = await promoteImage(gated, golden("strange"), { context })
    expect(stranger.leftBehind).toMatchObject([{ why: expect.stringContaining("nothing proves that we wrote it") }, {}])
  })
})

type Manifest = {
  readonly layers: readonly { readonly digest: Digest; readonly size: number; readonly mediaType: string }[]
}
