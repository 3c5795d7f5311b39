// Golden images judged again where they are: what changed since the last signed verdict, by the database of another day, and
// no layer fetched for it.
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { createSigner } from "../../core/attestation/signer.js"
import { eventsOf } from "../../core/events/events-of.js"
import { gate } from "../../core/gate/gate.js"
import { pin } from "../../core/image/image-graph.js"
import { readEarlier } from "../../core/monitor/earlier.js"
import { monitor, type MonitorRequest } from "../../core/monitor/monitor.js"
import type { MonitoredImage, Monitoring } from "../../core/monitor/monitoring.js"
import { renderMonitoring } from "../../core/monitor/render-monitoring.js"
import { readOutcomes } from "../../core/outcomes/read-outcomes.js"
import { toMarkdown } from "../../core/page/to-markdown.js"
import { parsePolicy } from "../../core/policy/document/parse-policy.js"
import type { Override } from "../../core/policy/verdict/verdict.js"
import { promote } from "../../core/promote/promote.js"
import { verify } from "../../core/verify/verify.js"
import { aKey } from "../core/attestation/build-signed.js"
import { anImage, type TestImage } from "../support/build-image.js"
import { HostScanner } from "../support/host-scanner.js"
import { imagesLayout, pushLayout, trivyDatabase } from "../support/parts.js"
import { anOperation, context, gateImage, promoteImage, refer, writesOf } from "../support/promotion.js"
import { pushImage, pushManifest } from "../support/push-image.js"
import { startRegistry, type TestRegistry } from "../support/registry.js"

const key = aKey()
const signer = createSigner(key.pem)
const signing = { ...context, signer, keys: [{ ...key.publicKey, publisher: "" }] }
const hour = 60 * 60 * 1000
const policy = parsePolicy("version: 1\ndatabase: {unknown: report, max-age: 60d}\n")
const high = "CVE-2021-23337"
const lodash = "pkg:npm/lodash@4.17.20"

type Look = Partial<Omit<MonitorRequest, "repository">> & { readonly scanner?: HostScanner; readonly now?: Date }

describe.each(["api", "distribution"] as const)("monitor on %s", (kind) => {
  let at: TestRegistry
  /** Trivy on the database of a day on which nothing of npm was known. */
  let quiet: HostScanner
  const images = new Map<string, TestImage>()
  beforeAll(async () => {
    at = await startRegistry(kind)
    quiet = new HostScanner({ cacheFolder: await trivyDatabase({ without: ["npm.json"] }) })
  })
  afterAll(() => at.stop())

  /** An image that was promoted when nothing was known of its packages, or by the database of today. */
  async function golden(name: string, packages = [lodash], scanner = quiet, now?: Date): Promise<TestImage> {
    const image = anImage({ platforms: ["linux/amd64", "linux/arm64"], layers: [name], sbom: "cyclonedx", packages })
    await pushImage(at.url, "quarantine/app", name.replace(/\W/g, "-"), image)
    const how = { policy, context: signing, scanner, ...(now === undefined ? {} : { now }) }
    const gated = await gateImage(refer(at, `quarantine/app:${name.replace(/\W/g, "-")}`), how)
    expect((await promoteImage(gated, refer(at, name), how)).outcome).toBe("promote")
    images.set(name, image)
    return image
  }
  const look = (repository: string, { scanner = new HostScanner(), now, ...more }: Look = {}): Promise<Monitoring> =>
    monitor(anOperation({ policy, context: signing, scanner, ...(now === undefined ? {} : { now: () => now }) }), {
      ...{ repository: refer(at, repository), tags: {}, predicateType: "", renew: false },
      ...more,
    })
  const only = async (repository: string, how: Look = {}): Promise<Exclude<MonitoredImage, { state: "unread" }>> => {
    const { images: rows } = await look(repository, how)
    const [row] = rows
    if (rows.length !== 1 || row === undefined || row.state === "unread") throw new Error(JSON.stringify(rows))
    return row
  }
  const verified = async (name: string) => {
    const operation = anOperation({ context: signing })
    return (await verify(operation, { image: await pin(operation.registry, refer(at, name)), maxAge: 24 * hour }))
      .verified
  }
  const eventsIn = (result: Monitoring) => eventsOf(readOutcomes(JSON.stringify(result), "result.json"))

  it("tells what today's database knows more, since when, and in which version it is fixed", async () => {
    await golden("golden/changed:1")
    const row = await only("golden/changed")
    expect(row).toMatchObject({
      state: "changed",
      outcome: "blocked",
      tags: ["1"],
      before: { outcome: "promote", from: "verdict" },
    })
    const appeared = row.appeared.find(({ id }) => id === high)
    expect(appeared).toMatchObject({ package: lodash, fixedIn: "4.17.21", platforms: ["linux/amd64", "linux/arm64"] })
    expect([appeared?.firstSeen, appeared?.atLatest]).toEqual([row.evaluatedAt, undefined])
    expect(row.reasons).toContain("FINDINGS")
  })

  it("tells of what is gone, and gives the proof back", async () => {
    await golden("golden/gone:1")
    expect((await only("golden/gone", { renew: true })).proof?.state).toBe("taken-back")
    expect(await verified("golden/gone:1")).toBe(false)
    // Proofs are dated by the second, and of two of one second the one that takes back counts.
    const now = new Date(Date.now() + 60_000)
    const row = await only("golden/gone", { renew: true, scanner: quiet, now })
    expect(row).toMatchObject({ state: "changed", outcome: "promote", passed: true, proof: { state: "renewed" } })
    expect(row.gone.map(({ id }) => id)).toContain(high)
    expect(await verified("golden/gone:1")).toBe(true)
  })

  it("has no event for what is as it was, and the same event for the same change, whoever tells it", async () => {
    await golden("golden/events:1", ["pkg:npm/left-pad@1.3.0"])
    const image = await golden("golden/events:2")
    await pushManifest(at.url, "golden/events", image.root, "latest")
    const [first, second] = [await look("golden/events"), await look("golden/events")]
    expect(first.images.map(({ tags, state }) => `${tags.join()} ${state}`).sort()).toEqual([
      "1 unchanged",
      "2,latest changed",
    ])
    expect(eventsIn(first)).toMatchObject([
      {
        type: "dev.cssc.image.monitored.v1",
        data: {
          outcome: "blocked",
          before: "promote",
          tags: ["2", "latest"],
          appeared: expect.arrayContaining([expect.objectContaining({ id: high, fixedIn: "4.17.21" })]),
        },
      },
    ])
    expect(eventsIn(second).map(({ id }) => id)).toEqual(eventsIn(first).map(({ id }) => id))
    expect(first.failures.map(({ target, outcome }) => [target.replace(/^.*?\//, ""), outcome])).toEqual([
      [`golden/events:2@${image.digest}`, "blocked"],
    ])
    const page = toMarkdown(renderMonitoring(first), { now: new Date() })
    expect(page).toContain("2 images: 1 changed, 1 unchanged; 1 would be blocked now")
    expect(page).toMatch(/CVE-2021-23337.*fixed in 4\.17\.21/)
  })

  it("tells a change once when it is told what was found before, and keeps when it was first seen", async () => {
    await golden("golden/earlier:1")
    const first = await look("golden/earlier")
    const repository = `${at.address}/golden/earlier`
    const earlier = readEarlier(JSON.stringify(first), repository)
    const row = await only("golden/earlier", { earlier, now: new Date(Date.now() + hour) })
    const [was] = first.images
    if (was === undefined || was.state === "unread") throw new Error("unread")
    expect(row).toMatchObject({ state: "unchanged", outcome: "blocked", before: { from: "earlier" } })
    expect(row.findings.find(({ id }) => id === high)?.firstSeen).toBe(was.evaluatedAt)
    expect(() => readEarlier(JSON.stringify(first), "other.example/app")).toThrow(/\[REPORT_INVALID\].*expected other/)
  })

  it("takes the proof of what would be blocked back, once", async () => {
    await golden("golden/taken:1")
    expect((await only("golden/taken", { renew: true })).proof).toMatchObject({ state: "taken-back" })
    await at.resetRequests()
    const again = await only("golden/taken", { renew: true })
    expect(again).toMatchObject({ state: "unchanged", outcome: "blocked", proof: { state: "left" } })
    expect(await writesOf(at)).toEqual([])
  })

  it("renews a proof that is old, leaves one that is young, and makes none for what nobody promoted", async () => {
    const harmless = ["pkg:npm/left-pad@1.3.0"]
    const now = new Date()
    await golden("golden/renewed:1", harmless)
    await pushImage(
      at.url,
      "golden/renewed",
      "planted",
      anImage({ layers: ["planted"], sbom: "cyclonedx", packages: harmless }),
    )
    const proofs = async (at: Date) => {
      const { images: rows } = await look("golden/renewed", { renew: true, now: at })
      return Object.fromEntries(
        rows.map((row) => [row.tags.join(), row.state === "unread" ? row.error : row.proof?.state]),
      )
    }
    // It was stated of the image in the quarantine; from then on it is stated of this one.
    expect(await proofs(now)).toEqual({ "1": "renewed", planted: "left" })
    expect(await proofs(now)).toEqual({ "1": "left", planted: "left" })
    expect(await proofs(new Date(now.getTime() + 6 * 24 * hour))).toEqual({ "1": "renewed", planted: "left" })
    expect(await verified("golden/renewed:planted")).toBe(false)
  })

  it("counts an override that we signed for as long as it holds, and not for what it does not name", async () => {
    const image = anImage({ layers: ["overridden"], sbom: "cyclonedx", packages: [lodash] })
    await pushImage(at.url, "quarantine/app", "overridden", image)
    const gated = await gateImage(refer(at, "quarantine/app:overridden"), { policy, context: signing })
    const [grantedAt, expires] = [0, 24].map((hours) => new Date(Date.now() + hours * hour).toISOString())
    const override = {
      approver: "jane",
      reason: "fix comes",
      reference: "https://issues.example/1",
      grantedAt,
      expires,
    }
    const operation = anOperation({ policy, context: signing })
    const granted = { ...override, digest: gated.image.digest, cves: gated.verdict.remaining } as Override
    const passed = await gate(operation, { image: gated.image, method: "sbom", predicateType: "", override: granted })
    await promote(operation, passed, { source: gated.image, target: refer(at, "golden/overridden:1"), dryRun: false })
    expect(await only("golden/overridden")).toMatchObject({ state: "unchanged", outcome: "promote" })
    const late = new Date(Date.now() + 25 * hour)
    expect(await only("golden/overridden", { now: late })).toMatchObject({ state: "changed", outcome: "blocked" })
  })

  it("fetches no layer, scans no image, judges a digest of several tags once, and needs few requests for it", async () => {
    const image = await golden("golden/cost:1", ["pkg:npm/left-pad@1.3.0"])
    await pushManifest(at.url, "golden/cost", image.root, "latest")
    const scanner = new HostScanner()
    await look("golden/cost", { scanner })
    await at.resetRequests()
    const { images: rows, requests } = await look("golden/cost")
    expect(rows).toMatchObject([{ tags: ["1", "latest"], state: "unchanged" }])
    expect(scanner.scans).toHaveLength(2)
    expect(scanner.scans.every((what) => /^[0-9a-f]{64}$/.test(what))).toBe(true)
    const made = await at.requests()
    const layers = image.platforms.flatMap(({ manifest }) =>
      manifest.blobs.slice(1).map(({ descriptor }) => descriptor.digest),
    )
    expect(layers.length).toBeGreaterThan(0)
    expect(made.filter(({ path }) => layers.some((layer) => path.includes(layer)))).toEqual([])
    // One listing, one HEAD for each tag, and 33 or 34 for an index of two platforms: docs/performance.md reckons with it.
    const counted = Object.values(requests)
      .flatMap((one) => Object.values(one))
      .reduce((sum, one) => sum + one, 0)
    expect(counted).toBe(made.filter(({ kind: what }) => what !== "ping").length)
    expect(counted).toBeLessThanOrEqual(37)
    expect(new Set(made.map(({ method }) => method))).toEqual(new Set(["GET", "HEAD"]))
  })

  it("tells what it could not read as such, and the rest all the same", async () => {
    const broken = await golden("golden/broken:1", ["pkg:npm/left-pad@1.3.0"])
    await golden("golden/broken:2", ["pkg:npm/left-pad@1.3.1"])
    await at.fault({ status: 503, match: { method: "GET", pathRegex: `/manifests/${broken.digest}$` } })
    const result = await look("golden/broken", { renew: true })
    await at.clearFaults()
    expect(result.images.map(({ tags, state }) => `${tags.join()} ${state}`).sort()).toEqual([
      "1 unread",
      "2 unchanged",
    ])
    expect(result.failures).toMatchObject([{ outcome: "failed" }])
    expect(eventsIn(result)).toMatchObject([{ type: "dev.cssc.image.failed.v1" }])
  })

  it("refuses what would fetch layers or prove nothing, before it asks for anything", async () => {
    await at.resetRequests()
    const request = { repository: refer(at, "golden/cost"), tags: {}, predicateType: "", renew: true }
    const by = (text: string) => anOperation({ policy: parsePolicy(text), context: signing })
    await expect(monitor(by("version: 1\nmethod: image\n"), request)).rejects.toThrow(/\[ARGUMENT_INVALID\].*layers/)
    await expect(monitor(by("version: 1\ncross-examination: block\n"), request)).rejects.toThrow(
      /ARGUMENT_INVALID.*layers/,
    )
    await expect(monitor(anOperation({ policy }), request)).rejects.toThrow(/\[ARGUMENT_INVALID\] no key is trusted/)
    const keyOnly = { ...context, keys: signing.keys }
    await expect(monitor(anOperation({ policy, context: keyOnly }), request)).rejects.toThrow(/with-signing-key/)
    expect(await at.requests()).toEqual([])
  })

  it("does not take back what was judged by its file system, and says what to do", async () => {
    await pushLayout(await imagesLayout(), "clean", { registry: at, repository: "quarantine/app" })
    const how = { policy, context: signing }
    const gated = await gateImage(refer(at, "quarantine/app:clean"), { ...how, method: "image" })
    expect((await promoteImage(gated, refer(at, "golden/by-image:1"), how)).outcome).toBe("promote")
    const result = await look("golden/by-image", { renew: true })
    expect(result.images).toMatchObject([
      { state: "unread", error: expect.stringMatching(/judged by its file system.*--method image/) },
    ])
    expect(result.failures).toHaveLength(1)
    expect(await verified("golden/by-image:1")).toBe(true)
  })
})
