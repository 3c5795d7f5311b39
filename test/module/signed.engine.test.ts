// Evidence to stake a deployment on, by the CLI: signed by one job, proven by another, overridden with a trail, and an
// image's end. Each call is a session of its own, so nothing is proven by what a session remembers.
import { generateKeyPairSync } from "node:crypto"
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import {
  bind,
  type BoundRegistry,
  call,
  callError,
  callJson,
  databaseArguments,
  everythingPrinted,
  moduleFolder,
  toolboxArguments,
} from "../support/dagger-cli.js"
import { imagesLayout, pushLayout } from "../support/parts.js"
import { tagDigest } from "../support/promotion.js"
import { startRegistry, type TestRegistry } from "../support/registry.js"

const pair = generateKeyPairSync("ec", { namedCurve: "P-256" })
const pem = pair.privateKey.export({ type: "pkcs8", format: "pem" }).toString()
// The wordiest progress: what is said anywhere is searched for the key.
process.env.DAGGER_PROGRESS = "plain"
const env = { CSSC_TEST_KEY: pem }
const signing = ["with-signing-key", "--key", "env://CSSC_TEST_KEY"]
const open = ["CVE-2020-14343", "CVE-2020-1747", "CVE-2021-23337", "CVE-2021-44906", "CVE-2023-45853"]

let folder: string
let at: TestRegistry
let house: BoundRegistry
let base: string[]
let scanning: string[]
const digests: Record<string, string> = {}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cssc-signed-"))
  at = await startRegistry("distribution")
  for (const tag of ["clean", "vulnerable"])
    digests[tag] = await pushLayout(await imagesLayout(), tag, { registry: at, repository: "quarantine/app" })
  house = bind(at, "house.test")
  base = [...toolboxArguments(), ...house.arguments]
  scanning = [...toolboxArguments(), ...(await databaseArguments()), ...house.arguments]
  await writeFile(path("own.pub"), pair.publicKey.export({ type: "spki", format: "pem" }))
})

afterAll(async () => {
  await at.stop()
  await rm(folder, { recursive: true })
})

const path = (name: string) => join(folder, name)
const trusting = () => ["with-trusted-key", "--public-key", path("own.pub")]
const quarantine = (tag = "") => `${house.address}/quarantine/app${tag}`
const golden = (tag = "") => `${house.address}/golden/app${tag}`
const exported = (words: readonly string[], name: string) =>
  call([...words, "results", "export", "--path", path(name)], { env })
const readJson = async (name: string) => JSON.parse(await readFile(path(name), "utf8")) as Record<string, unknown>

describe("signed evidence, by the CLI", { sequential: true }, () => {
  it("signs the verdict of a gate, beside the verdict itself", async () => {
    await exported([...scanning, ...signing, "gate", "--image", quarantine(":clean")], "gate")
    expect((await readdir(path("gate"))).sort()).toEqual([
      "assessment.json",
      "gl-container-scanning-report.json",
      "image.txt",
      "junit.xml",
      "report.html",
      "reports",
      "requests.json",
      "results.sarif",
      "summary.md",
      "summary.txt",
      "verdict.json",
      "verdict.sigstore.json",
      "vex.cdx.json",
    ])
    const bundle = await readJson("gate/verdict.sigstore.json")
    expect(bundle.mediaType).toBe("application/vnd.dev.sigstore.bundle.v0.3+json")
  })

  it("promotes by the signed verdict and its results, without another scan, and signs the evidence", async () => {
    const claim = ["--verdict", path("gate/verdict.sigstore.json"), "--reports", path("gate")]
    const words = ["promote", ...claim, "--source", quarantine(), "--target", golden(":1"), "json"]
    const done = await callJson([...base, ...signing, ...words], { env })
    expect(done).toMatchObject({ outcome: "promote", digest: digests.clean, tagged: true })
  })

  it("signs nothing keyless where no certificate authority answers, and shows the token to nobody", async () => {
    const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url")
    const claims = { iss: "https://ci.test", sub: "job", aud: "sigstore", exp: Math.floor(Date.now() / 1000) + 3600 }
    const token = `${part({ alg: "ES256" })}.${part(claims)}.${part("the token's signature")}`
    const [sha256] = (digests.clean ?? "").split(":").slice(1)
    const about = { _type: "https://in-toto.io/Statement/v1", subject: [{ name: "app", digest: { sha256 } }] }
    await writeFile(
      path("review.json"),
      JSON.stringify({ ...about, predicateType: "https://example.com/review", predicate: {} }),
    )
    const urls = ["--fulcio-url", "http://127.0.0.1:1", "--timestamp-url", "http://127.0.0.1:1"]
    const keyless = ["with-keyless-signing", "--identity-token", "env://CSSC_TEST_TOKEN", ...urls]
    const identity = ["with-trusted-identity", "--issuer", "https://ci.test", "--subject", "https://ci.test/job"]
    const root = ["with-trust-root", "--file", `${moduleFolder}/test/fixtures/sigstore/trusted-root-public-good.json`]
    const words = ["attach", "--image", quarantine(":clean"), "--statement", path("review.json"), "json"]
    const said = await callError([...base, ...keyless, ...identity, ...root, ...words], {
      env: { CSSC_TEST_TOKEN: token },
    })
    expect(said).toMatch(/\[SIGNING_UNAVAILABLE\] the certificate authority http:\/\/127.0.0.1:1 .*ECONNREFUSED/)
    for (const piece of token.split(".").slice(1)) expect(everythingPrinted()).not.toContain(piece)
  })

  it("proves the promoted image to whoever trusts the key", async () => {
    const words = ["verify", "--image", golden(":1"), "reference"]
    expect((await call([...base, ...trusting(), ...words])).trim()).toBe(`${golden()}@${digests.clean}`)
  })

  it("lets an override pass exactly what it names, and says so in the promoted evidence", async () => {
    await exported([...scanning, ...signing, "gate", "--image", quarantine(":vulnerable")], "blocked")
    const expires = new Date(Date.now() + 7 * 24 * 60 * 60 * 1000).toISOString().slice(0, 10)
    const why = ["--approver", "jane", "--reason", "until the release", "--reference", "https://issues.example/1"]
    const named = ["--cves", open.join(","), "--expires", expires]
    const words = ["override", "--verdict", path("blocked/verdict.json"), "--source", quarantine(), ...why, ...named]
    await exported([...scanning, ...signing, ...words, "promote", "--target", golden(":overridden")], "overridden")
    const { outcome, verdict } = await readJson("overridden/result.json")
    expect(outcome).toBe("promote")
    expect(verdict).toMatchObject({ override: { state: "used", approver: "jane", covered: open } })
    expect(await readFile(path("overridden/summary.md"), "utf8")).toContain("jane")
  })

  it("judges stored results by VEX and exceptions", async () => {
    const statement = {
      vulnerability: { name: open[3] },
      products: [{ "@id": "pkg:npm/minimist@1.2.5" }],
      status: "not_affected",
      justification: "vulnerable_code_not_in_execute_path",
    }
    const document = {
      "@context": "https://openvex.dev/ns/v0.2.0",
      "@id": "https://example.org/vex/1",
      author: "Acme",
      timestamp: "2026-01-01T00:00:00Z",
      version: 1,
      statements: [statement],
    }
    await writeFile(path("vex.json"), JSON.stringify(document))
    const exceptions = ["--exceptions", open.filter((_, place) => place !== 3).join("|")]
    const words = ["with-vex", "--file", path("vex.json"), "evaluate", "--reports", path("blocked")]
    const judged = [...exceptions, ...toolboxArguments(), ...words]
    expect(await callJson([...judged, "json"])).toMatchObject({ outcome: "promote", remaining: [] })
  })

  it("runs the cases of a policy", async () => {
    await writeFile(path("policy.yaml"), "version: 1\nseverity: HIGH\n")
    const finding = "{ id: CVE-2026-1, severity: CRITICAL, package: pkg:deb/debian/bash@5.0 }"
    const given = `given: { findings: [${finding}] }\n    expect: { outcome: blocked, remaining: [CVE-2026-1] }`
    await writeFile(
      path("cases.yaml"),
      `version: 1\ncases:\n  - name: critical stops\n    at: 2026-01-01\n    ${given}\n`,
    )
    const files = ["--policy", path("policy.yaml"), "--cases", path("cases.yaml")]
    expect(await call([...toolboxArguments(), "policy-test", ...files])).toContain("critical stops")
  })

  it("renews the proof, and announces an end of life, from which on nothing is proven", async () => {
    const proving = [...base, ...trusting()]
    expect(
      await callJson([...scanning, ...signing, "gate", "--image", golden(":1"), "attest", "json"], { env }),
    ).toMatchObject({ outcome: "promote", digest: digests.clean })
    const words = ["end-of-life", "--image", golden(":1"), "--date", "2026-01-01", "--successor", golden(":2"), "json"]
    expect(await callJson([...base, ...words])).toMatchObject({
      endOfLife: "2026-01-01",
      attached: [{ existing: false }],
    })
    expect(await callError([...proving, "verify", "--image", golden(":1"), "reference"])).toContain(
      "reached its end of life",
    )
  })

  it("retires an image: archived, then deleted by the archive that was exported", async () => {
    const words = [...base, "retire", "--image", golden(":overridden"), "--reason", "end of support"]
    await call([...words, "archive", "export", "--path", path("archive")])
    expect(await readdir(path("archive"))).toEqual(expect.arrayContaining(["blobs", "index.json", "oci-layout"]))
    expect(await tagDigest(at, "golden/app:overridden")).toBe(digests.vulnerable)
    const gone = await callJson([...words, "--delete-image", "--archive", path("archive"), "json"])
    expect(gone).toMatchObject({ tombstone: { state: "existing" }, deletion: { status: "deleted" } })
    expect(await tagDigest(at, "golden/app:overridden")).toBeUndefined()
  })

  it("never printed the key", () => {
    const lines = pem.split("\n").filter((line) => line.length > 40)
    expect(lines.length).toBeGreaterThan(0)
    for (const line of lines) expect(everythingPrinted()).not.toContain(line)
  })
})
