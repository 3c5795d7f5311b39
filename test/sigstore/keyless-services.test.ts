// Signing keyless, against a Sigstore instance on this machine: each service answers, each fails, each lies.
import tls from "node:tls"
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { createKeylessSigner, type Keyless } from "../../core/attestation/keyless-signer.js"
import { parseTrustRoot } from "../../core/attestation/trust-root.js"
import { trustStore } from "../../core/attestation/trust-store.js"
import { verifyDocument } from "../../core/attestation/verify-document.js"
import { keylessServices, type KeylessUrls, trustAuthorities } from "../../sigstore/keyless-services.js"
import { aStatement } from "../core/attestation/build-signed.js"
import {
  type Fault,
  type Oddities,
  type Service,
  type SigstoreServices,
  startSigstore,
} from "../support/sigstore-services.js"

const workflow = "acme/ci/.github/workflows/promote.yml@refs/heads/main"
const subject = `https://github.com/${workflow}`
const statement = JSON.stringify(aStatement())
const never = { retries: 0, minTimeout: 1 }
const services: readonly Service[] = ["fulcio", "rekor", "timestamp"]

let sigstore: SigstoreServices
beforeAll(async () => {
  sigstore = await startSigstore()
})
afterAll(() => sigstore.stop())
beforeEach(() => void sigstore.requests.splice(0))
afterEach(() => services.forEach((service) => sigstore.breakDown(service, undefined)))

const claims = { job_workflow_ref: workflow, repository: "acme/ci" }
const aJob = (more: object = {}, at = sigstore) => at.token("repo:acme/ci:ref:refs/heads/main", { ...claims, ...more })
const own = (without: readonly string[] = [], identity: object = {}) =>
  trustStore({
    identities: [{ issuer: sigstore.issuer, subject, publisher: "", ...identity }],
    root: parseTrustRoot(sigstore.trustedRoot(without)),
  })
const urls = (change: Partial<KeylessUrls> = {}): KeylessUrls => ({
  fulcio: sigstore.url,
  rekor: { url: sigstore.url, version: 1 },
  timestamp: `${sigstore.url}/api/v1/timestamp`,
  ...change,
})
type Given = Partial<Omit<Keyless, "services">> & { readonly urls?: KeylessUrls; readonly retry?: typeof never }
const aSigner = ({ urls: at = urls(), retry = never, ...given }: Given = {}) =>
  createKeylessSigner({
    services: keylessServices(at, retry),
    token: () => Promise.resolve(aJob()),
    audience: "sigstore",
    trust: own(),
    now: () => new Date(),
    ...given,
  })
const asked = (path: string) => sigstore.requests.filter((request) => request.path === path).length
const material = (bundle: string) => JSON.parse(bundle).verificationMaterial as Record<string, unknown[]>
const failing = (signer: ReturnType<typeof aSigner>) => expect(Promise.resolve(signer.sign(statement))).rejects

describe("a keyless signature", () => {
  const verified = () => ({ status: "verified", publisher: "", key: `${sigstore.issuer} ${subject}` })

  it("verifies by the root as who the token is of, with an entry in the log and a timestamp", async () => {
    const bundle = await aSigner().sign(statement)
    const found = verifyDocument(bundle, own())
    expect(found.statement).toEqual(JSON.parse(statement))
    expect(found.signature).toEqual(verified())
    const { tlogEntries, timestampVerificationData } = material(bundle)
    expect(JSON.parse(bundle).mediaType).toBe("application/vnd.dev.sigstore.bundle.v0.3+json")
    expect(tlogEntries).toHaveLength(1)
    expect(timestampVerificationData).toEqual({ rfc3161Timestamps: [expect.anything()] })
  })

  it("needs no timestamp authority where the log says when", async () => {
    const { timestamp: _none, ...without } = urls()
    const bundle = await aSigner({ urls: without }).sign(statement)
    expect(verifyDocument(bundle, own()).signature).toEqual(verified())
    expect(asked("/api/v1/timestamp")).toBe(0)
  })

  it("needs no log where the root names none, and proves nothing by a root that does", async () => {
    const { rekor: _none, ...without } = urls()
    const bundle = await aSigner({ urls: without, trust: own(["tlogs"]) }).sign(statement)
    expect(verifyDocument(bundle, own(["tlogs"])).signature).toEqual(verified())
    const reason = expect.stringContaining("expected 1 tlog entries, got 0")
    expect(verifyDocument(bundle, own()).signature).toEqual({ status: "invalid", reason })
    await failing(aSigner({ urls: without })).toThrow(/SIGNING_FAILED.*expected 1 tlog entries/)
  })

  it("is logged by version 2 of the log too, which says no time", async () => {
    const two = { rekor: { url: sigstore.url, version: 2 } } as const
    const bundle = await aSigner({ urls: urls(two) }).sign(statement)
    expect(verifyDocument(bundle, own()).signature).toEqual(verified())
    const { timestamp: _none, ...without } = urls(two)
    await failing(aSigner({ urls: without })).toThrow(/SIGNING_FAILED.*expected 1 timestamps, got 0/)
  })

  it("is of one certificate for all that a call signs, however much at once, and of an entry for each", async () => {
    const signer = aSigner()
    const bundles = await Promise.all(Array.from({ length: 20 }, async () => signer.sign(statement)))
    expect(new Set(bundles.map((bundle) => JSON.stringify(material(bundle).certificate))).size).toBe(1)
    expect(asked("/api/v2/signingCert")).toBe(1)
    expect([asked("/api/v1/log/entries"), asked("/api/v1/timestamp")]).toEqual([20, 20])
  })

  it("gets a new certificate before the old one ends, by a token that is asked for again", async () => {
    const start = Date.now()
    let time = start
    const tokens: string[] = []
    const token = () => {
      tokens.push(aJob({ exp: Math.floor(start / 1000) + 3600 }))
      return Promise.resolve(tokens.at(-1) ?? "")
    }
    const signer = aSigner({ now: () => new Date(time), token })
    await signer.sign(statement)
    time = start + 8.5 * 60_000
    await signer.sign(statement)
    expect(asked("/api/v2/signingCert")).toBe(1)
    time = start + 9.5 * 60_000
    await signer.sign(statement)
    expect(asked("/api/v2/signingCert")).toBe(2)
    expect(tokens).toHaveLength(2)
  })

  it("ends by name when certificate and token have both run out", async () => {
    let time = Date.now()
    const old = aJob()
    const signer = aSigner({ now: () => new Date(time), token: () => Promise.resolve(old) })
    await signer.sign(statement)
    time += 9.5 * 60_000
    await failing(signer).toThrow(/IDENTITY_TOKEN_INVALID.*it expired at .*: ask for a new one/)
  })

  it("tries again after a failure, also by the same signer", async () => {
    sigstore.breakDown("fulcio", { status: 503, times: 1 })
    sigstore.breakDown("rekor", { disconnect: true, times: 1 })
    sigstore.breakDown("timestamp", { status: 429, times: 1 })
    expect(
      verifyDocument(await aSigner({ retry: { retries: 1, minTimeout: 1 } }).sign(statement), own()),
    ).toMatchObject({
      signature: verified(),
    })
    const signer = aSigner()
    sigstore.breakDown("fulcio", { status: 503, times: 1 })
    await failing(signer).toThrow(/SIGNING_UNAVAILABLE/)
    expect(verifyDocument(await signer.sign(statement), own()).signature).toEqual(verified())
  })
})

describe("an identity token", () => {
  it("of another job is refused by name before anything is signed or logged", async () => {
    const other = "mallory/ci/.github/workflows/promote.yml@refs/heads/main"
    const stolen = () => Promise.resolve(aJob({ job_workflow_ref: other, repository: "mallory/ci" }))
    await failing(aSigner({ token: stolen })).toThrow(
      `[IDENTITY_TOKEN_INVALID] the identity token is of https://github.com/${other} (issuer ${sigstore.issuer})`,
    )
    const elsewhere = own([], { issuer: "https://gitlab.com" })
    await failing(aSigner({ trust: elsewhere })).toThrow(/IDENTITY_TOKEN_INVALID.*no identity of ours/)
    expect(asked("/api/v1/log/entries")).toBe(0)
  })

  it.each<[string, object]>([
    ["for another audience", { aud: "registry" }],
    ["for another audience in a list", { aud: ["registry"] }],
    ["that has expired", { exp: 1_700_000_000 }],
    ["without an end", { exp: undefined }],
    ["without a subject", { sub: undefined }],
  ])("%s is refused before it is sent", async (_name, change) => {
    const text = aJob(change)
    const error: unknown = await Promise.resolve(aSigner({ token: () => Promise.resolve(text) }).sign(statement)).catch(
      (thrown: unknown) => thrown,
    )
    expect(error).toMatchObject({ code: "IDENTITY_TOKEN_INVALID" })
    expect(JSON.stringify(error) + String(error)).not.toContain(text.slice(0, 40))
    expect(sigstore.requests).toEqual([])
  })

  it.each<[string, () => string, RegExp]>([
    [
      "for what a private authority does not take",
      () => aJob({ aud: "else" }),
      /expected audience "sigstore" got "else"/,
    ],
    ["of another issuer", () => aJob({ iss: "https://evil.test" }), /unsupported issuer/],
    ["with changed claims", () => forged(), /failed to verify signature/],
  ])("%s is refused by the authority, in its words and without the token", async (_name, make, why) => {
    const text = make()
    const signer = aSigner({ token: () => Promise.resolve(text), audience: undefined })
    const error: unknown = await Promise.resolve(signer.sign(statement)).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: "IDENTITY_TOKEN_INVALID", message: expect.stringMatching(why) })
    expect(String(error)).not.toContain(text)
    expect(asked("/api/v1/log/entries")).toBe(0)
  })

  it("is nowhere in what is told, even when the authority repeats it", async () => {
    const text = aJob()
    sigstore.breakDown("fulcio", { status: 500, body: JSON.stringify({ message: `what is ${text}?` }) })
    const error: unknown = await Promise.resolve(aSigner({ token: () => Promise.resolve(text) }).sign(statement)).catch(
      (thrown: unknown) => thrown,
    )
    expect(String(error)).toContain("what is [redacted]?")
    expect(JSON.stringify(error)).not.toContain(text)
  })

  const forged = () => {
    const [head, , signature] = aJob().split(".")
    const payload = Buffer.from(
      JSON.stringify({ ...claims, iss: sigstore.issuer, sub: "x", aud: "sigstore", exp: 4e9 }),
    )
    return `${head}.${payload.toString("base64url")}.${signature}`
  }
})

describe("a service", () => {
  const names = { fulcio: "certificate authority", rekor: "transparency log", timestamp: "timestamp authority" }
  it.each<[Service, string, Fault, RegExp]>(
    services.flatMap((service): [Service, string, Fault, RegExp][] => [
      [service, "is out of order", { status: 503 }, /SIGNING_UNAVAILABLE.* answered 503: out of order/],
      [service, "has too much to do", { status: 429 }, /SIGNING_UNAVAILABLE.* answered 429/],
      [service, "hangs up", { disconnect: true }, /SIGNING_UNAVAILABLE.* gave no usable answer: .*socket hang up/],
      ...(service === "timestamp"
        ? []
        : [
            [service, "talks nonsense", { status: 201, body: "{" }, /SIGNING_UNAVAILABLE.*usable/] as [
              Service,
              string,
              Fault,
              RegExp,
            ],
          ]),
    ]),
  )("%s that %s ends it, by name", async (service, _what, fault, message) => {
    sigstore.breakDown(service, fault)
    await failing(aSigner()).toThrow(message)
    await failing(aSigner()).toThrow(`the ${names[service]} ${sigstore.url}`)
  })

  it.each(["rekor", "timestamp"] as const)("%s that refuses ends it as refused", async (service) => {
    sigstore.breakDown(service, { status: 400, body: JSON.stringify({ message: "too large" }) })
    await failing(aSigner()).toThrow(/SIGNING_FAILED.* answered 400: /)
  })

  it("that nobody listens at is unavailable", async () => {
    await failing(aSigner({ urls: urls({ fulcio: "http://127.0.0.1:1" }) })).toThrow(
      /SIGNING_UNAVAILABLE.*ECONNREFUSED/,
    )
  })

  type Lie = [string, Oddities, (other: SigstoreServices) => Partial<KeylessUrls>, RegExp]
  const hour = 3_600_000
  const aSecond = (from: number) => new Date(Math.floor((Date.now() + from) / 1000) * 1000)
  it.each<Lie>([
    ["a log that the root does not name", {}, ({ url }) => ({ rekor: { url, version: 1 } }), /tlog|log/i],
    ["a timestamp authority that it does not name", {}, ({ url }) => ({ timestamp: url }), /timestamp|certificate/i],
    [
      "a timestamp after the certificate's end",
      { stampClock: aSecond(hour) },
      ({ url }) => ({ timestamp: url }),
      /certificate/i,
    ],
  ])("that lies is found before anything is attached: %s", async (_name, oddities, change, why) => {
    const other = await startSigstore(oddities)
    try {
      await failing(aSigner({ urls: urls(change(other)) })).toThrow(/SIGNING_FAILED.*does not verify/)
      await failing(aSigner({ urls: urls(change(other)) })).toThrow(why)
    } finally {
      await other.stop()
    }
  })

  it.each<[string, Oddities, RegExp]>([
    ["that was in no certificate log", { unlogged: true }, /expected 1 SCTs, got 0/],
    ["whose time is over", { clock: aSecond(-hour) }, /certificate/i],
    ["whose time is to come", { clock: aSecond(hour) }, /certificate/i],
  ])("that gives a certificate %s is found", async (_name, oddities, why) => {
    const odd = await startSigstore(oddities)
    try {
      const trust = trustStore({
        identities: [{ issuer: odd.issuer, subject, publisher: "" }],
        root: parseTrustRoot(odd.trustedRoot()),
      })
      const at = { fulcio: odd.url, rekor: { url: odd.url, version: 1 }, timestamp: odd.url } as const
      const signer = aSigner({ urls: at, token: () => Promise.resolve(aJob({}, odd)), trust })
      await failing(signer).toThrow(/SIGNING_FAILED.*does not verify/)
      await failing(signer).toThrow(why)
    } finally {
      await odd.stop()
    }
  })

  it("that certifies for another authority's root is found", async () => {
    const other = await startSigstore()
    try {
      const signer = aSigner({ urls: urls({ fulcio: other.url }), token: () => Promise.resolve(aJob({}, other)) })
      await failing(signer).toThrow(/SIGNING_FAILED.*does not verify.*certificate/i)
    } finally {
      await other.stop()
    }
  })
})

describe("private authorities of TLS", () => {
  it("are trusted where Node can be told of them", () => {
    expect(trustAuthorities([])).toBe(true)
    expect(trustAuthorities([tls.rootCertificates[0] ?? ""])).toBe("setDefaultCACertificates" in tls)
  })
})

describe("a keyless signer", () => {
  it("is not made without a root, or without an identity that is ours", () => {
    const { root, identities } = own()
    const publishers = identities.map((one) => ({ ...one, publisher: "acme" }))
    for (const trust of [trustStore({ identities }), trustStore({ ...(root && { root }), identities: publishers })])
      expect(() => aSigner({ trust })).toThrow(/ARGUMENT_INVALID.*with-trust-root.*with-trusted-identity/)
  })
})
