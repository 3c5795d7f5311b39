// An image against the one that is promoted under its tag, both scanned from real registries by the same database. What
// can go wrong: a worse image passes because each of its faults is below a threshold; a platform, a date or an operating
// system that changed is not noticed; and without the comparison the verdict reads as if there had been one.
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import type { Policy } from "../../core/policy/document/policy.js"
import { evaluate } from "../../core/policy/judge/evaluate.js"
import { codesOf, messageOf } from "../core/policy/build-assessment.js"
import { anImage, type ImageOptions } from "../support/build-image.js"
import { aPolicy } from "../support/build-policy.js"
import { highInLodash, lodash } from "../support/build-vex.js"
import { imagesLayout, pushLayout } from "../support/parts.js"
import { gateImage, promoteImage, refer } from "../support/promotion.js"
import { pushImage } from "../support/push-image.js"
import { startRegistry, type TestRegistry } from "../support/registry.js"

const [requests, patched, minimist] = ["pkg:pypi/requests@2.25.1", "pkg:npm/lodash@4.17.21", "pkg:npm/minimist@1.2.8"]
const accepted = { exceptions: [{ id: highInLodash, reason: "no template is made of input" }] }
const strict = aPolicy({}, { ...accepted, regression: "block" })
const platforms = ["linux/amd64", "linux/arm64"]

describe("regression", () => {
  let at: TestRegistry
  let number = 0
  beforeAll(async () => {
    at = await startRegistry("distribution")
    const layout = await imagesLayout()
    for (const tag of ["vulnerable", "clean", "dsse"])
      await pushLayout(layout, tag, { registry: at, repository: "real" })
  })
  afterAll(() => at.stop())

  const built = (created: string, packages: readonly string[], more: ImageOptions = {}) =>
    anImage({ platforms, layers: [`${created} ${packages.join()}`], sbom: "cyclonedx", packages, created, ...more })
  const before = built("2026-05-01T10:00:00Z", [lodash, requests])

  /** Promotes one image, and judges the next one against what is promoted. */
  async function compared(next = before, { promoted = before, policy = strict } = {}) {
    const name = `app${++number}`
    await pushImage(at.url, `quarantine/${name}`, "1", promoted)
    await pushImage(at.url, `quarantine/${name}`, "2", next)
    const golden = refer(at, `golden/${name}:1`)
    const first = await gateImage(refer(at, `quarantine/${name}:1`), { policy: aPolicy({}, accepted) })
    expect((await promoteImage(first, golden, { policy: aPolicy({}, accepted) })).outcome).toBe("promote")
    const gated = await gateImage(refer(at, `quarantine/${name}:2`), { policy, baseline: golden })
    return { ...gated, golden }
  }

  it("lets a newer build with the same and fixed findings pass, and tells what it fixed", async () => {
    const { image, golden, verdict } = await compared(built("2026-06-01T10:00:00Z", [patched, requests]))
    expect(verdict).toMatchObject({
      outcome: "promote",
      regression: {
        newFindings: [],
        fixedFindings: ["CVE-2020-28500 pkg:npm/lodash", `${highInLodash} pkg:npm/lodash`],
        sameFindings: 2,
        newPackages: [],
        removedPackages: [],
        droppedPlatforms: [],
      },
    })
    const gated = { ...(await gateImage(image, { policy: strict, baseline: golden })) }
    expect((await promoteImage(gated, golden, { policy: strict })).previousDigest).toBe(before.digest)
  })

  it("lets the promoted image itself pass again, with all its findings known", async () => {
    const { verdict } = await compared()
    expect(verdict).toMatchObject({ outcome: "promote", regression: { newFindings: [], sameFindings: 4 } })
  })

  it("blocks a finding that is new, and names neither those that are known nor those below the threshold", async () => {
    const next = built("2026-06-01T10:00:00Z", [lodash, "pkg:npm/minimist@1.2.5", "pkg:pypi/pyyaml@5.3", requests])
    const { verdict } = await compared(next, { promoted: built("2026-05-01T10:00:00Z", [lodash, requests, minimist]) })
    expect(codesOf(verdict, "block")).toEqual(expect.arrayContaining(["FINDINGS", "NEW_FINDINGS", "NEW_PACKAGES"]))
    expect(messageOf(verdict, "NEW_FINDINGS")).toContain("CVE-2021-44906 pkg:npm/minimist")
    expect(messageOf(verdict, "NEW_FINDINGS")).not.toContain(highInLodash)
    expect(messageOf(verdict, "NEW_PACKAGES")).toContain(": pkg:pypi/pyyaml")
  })

  it.each<[string, ReturnType<typeof built>, string, string]>([
    ["a new package", built("2026-06-01T10:00:00Z", [lodash, requests, minimist]), "NEW_PACKAGES", "pkg:npm/minimist"],
    [
      "a dropped platform",
      built("2026-06-01T10:00:00Z", [lodash, requests], { platforms: ["linux/amd64"] }),
      "PLATFORM_DROPPED",
      "linux/arm64: the promoted image has this platform",
    ],
    [
      "an older build",
      built("2026-04-01T10:00:00Z", [lodash, requests]),
      "ROLLBACK",
      "built at 2026-04-01T10:00:00.000Z, before the promoted one (2026-05-01T10:00:00.000Z)",
    ],
  ])("blocks %s by its name, and only reports it where that is asked", async (_, next, code, text) => {
    const { assessment, verdict } = await compared(next)
    expect(new Set(codesOf(verdict, "block"))).toEqual(new Set([code]))
    expect(messageOf(verdict, code)).toContain(text)
    const told = evaluate(assessment, aPolicy({}, { ...accepted, regression: "report" }), { now: new Date() })
    expect(told.outcome).toBe("promote")
    expect(codesOf(told, "report")).toContain(code)
    const stored = JSON.parse(JSON.stringify(assessment)) as typeof assessment
    expect(evaluate(stored, strict, { now: new Date(verdict.evaluatedAt) })).toEqual(verdict)
  })

  it("takes a build without a date, or of 1970, for no rollback", async () => {
    const undated = anImage({ platforms, sbom: "cyclonedx", packages: [lodash, requests] })
    expect((await compared(undated)).verdict.outcome).toBe("promote")
    expect((await compared(built("1970-01-01T00:00:00Z", [lodash, requests]))).verdict.outcome).toBe("promote")
  })

  const real = (tag: string, baseline: string, policy: Policy) =>
    gateImage(refer(at, `real:${tag}`), { policy, baseline: refer(at, `real:${baseline}`) })

  it("blocks another operating system under the same packages, and tells what came and went with it", async () => {
    const { verdict } = await real("clean", "vulnerable", aPolicy({}, { regression: { "base-os": "block" } }))
    expect(new Set(codesOf(verdict, "block"))).toEqual(new Set(["BASE_OS_CHANGED"]))
    expect(messageOf(verdict, "BASE_OS_CHANGED")).toMatch(/is debian 13[\d.]*; the promoted image has debian 12/)
    expect(verdict.regression?.fixedFindings).toContain("CVE-2021-44906 pkg:npm/minimist")
  })

  it("takes another build on the same operating system for the same", async () => {
    const { verdict } = await real("dsse", "clean", aPolicy({}, { regression: "block" }))
    expect(verdict).toMatchObject({ outcome: "promote", regression: { newPackages: [], newFindings: [] } })
  })

  it("says when nothing is promoted yet, and blocks when nobody could or did compare", async () => {
    const repository = `quarantine/app${++number}`
    await pushImage(at.url, repository, "1", before)
    await pushImage(at.url, repository, "no-sbom", built("2026-01-01T10:00:00Z", [], { sbom: "none" }))
    const judge = async (baseline?: string) => {
      const given = baseline === undefined ? {} : { baseline: refer(at, baseline) }
      return (await gateImage(refer(at, `${repository}:1`), { policy: strict, ...given })).verdict
    }
    const first = await judge("golden/nothing:1")
    expect(first.outcome).toBe("promote")
    expect(messageOf(first, "BASELINE_MISSING")).toContain("golden/nothing:1 yet")
    const failed = await judge(`${repository}:no-sbom`)
    expect(codesOf(failed, "block")).toEqual(["BASELINE_MISSING"])
    expect(messageOf(failed, "BASELINE_MISSING")).toContain("no SBOM of type")
    expect(codesOf(await judge(), "block")).toEqual(["BASELINE_MISSING"])
  })
})
