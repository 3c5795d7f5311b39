// Vulnerable packages that the scanner lists and does not find: looked up under another name, or in a version that it
// cannot compare. The gate blocks and says which, and why.
import { readFileSync } from "node:fs"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { parsePolicy } from "../../core/policy/document/parse-policy.js"
import type { TestImage } from "../support/build-image.js"
import { cyclonedxOf, spdxOf } from "../support/build-sbom.js"
import { withSbom } from "../support/odd-images.js"
import { gateImage, type GateOptions, refer } from "../support/promotion.js"
import { pushImage } from "../support/push-image.js"
import { startRegistry, type TestRegistry } from "../support/registry.js"

const lodash = "pkg:npm/lodash@4.17.20"
const spdxType = "https://spdx.dev/Document"

const named = (name: string, purl = lodash) => {
  const { components, ...document } = cyclonedxOf([purl]).predicate as { components: object[] }
  return withSbom({ ...document, components: components.map((one) => ({ ...one, name })) })
}
const plain = readFileSync(new URL("../fixtures/trivy/sbom-debian-libssl3.cdx.json", import.meta.url), "utf8")
const debian = (version = "3.0.15-1~deb12u1", release = "12.5") => {
  const inPurl = plain.replace("libssl3@3.0.15-1~deb12u1", `libssl3@${encodeURIComponent(version)}`)
  const text = inPurl.replaceAll("3.0.15-1~deb12u1", version).replace('"12.5"', JSON.stringify(release))
  return withSbom(JSON.parse(text))
}

describe.each(["api", "distribution"] as const)("what nobody looked up on %s", (kind) => {
  let at: TestRegistry
  let number = 0
  beforeAll(async () => void (at = await startRegistry(kind)))
  afterAll(() => at.stop())

  async function judge(image: TestImage, options: GateOptions = {}) {
    const repository = `unassessed/${++number}`
    await pushImage(at.url, repository, "1", image)
    const { verdict } = await gateImage(refer(at, `${repository}:1`), options)
    const message = verdict.reasons.flatMap((one) => (one.code === "UNASSESSED" ? one.message : [])).join("\n")
    return { outcome: verdict.outcome, message }
  }

  it("finds the same packages as they are", async () => {
    expect(await judge(named("lodash"))).toEqual({ outcome: "blocked", message: "" })
    expect(await judge(debian())).toEqual({ outcome: "blocked", message: "" })
  })

  it("blocks a package that is looked up under another name than its purl's", async () => {
    const { outcome, message } = await judge(named("renamed"))
    expect(outcome).toBe("unassessed")
    expect(message).toContain(`${lodash} (it was looked up as "renamed", not as "lodash")`)
  })

  it("blocks a package of SPDX whose name has its kind in front", async () => {
    const { packages, ...document } = spdxOf([lodash]).predicate as { packages: object[] }
    const renamed = { ...document, packages: packages.map((one) => ({ ...one, name: "npm:lodash" })) }
    const other = { ...renamed, packages: [...renamed.packages, ...packagesOf("pkg:npm/minimist@1.2.8")] }
    const { outcome, message } = await judge(withSbom(other, spdxType), { predicateType: spdxType })
    expect(outcome).toBe("unassessed")
    expect(message).toContain('looked up as "npm:lodash"')
  })

  it("blocks versions that the scanner cannot compare", async () => {
    const leading = await judge(named("lodash", "pkg:npm/lodash@v4.17.20"))
    expect(leading.outcome).toBe("unassessed")
    expect(leading.message).toContain('cannot compare its version "v4.17.20"')
    const space = await judge(debian("3.0.15-1 deb12u1"))
    expect(space.outcome).toBe("unassessed")
    expect(space.message).toContain("libssl3")
  })

  it("blocks an RPM without the architecture that its advisories are kept by", async () => {
    const rocky = (tail: string) => {
      const purl = `pkg:rpm/rocky/openssl-libs@3.0.7-27.el9?${tail}`
      const { components, ...document } = cyclonedxOf([purl]).predicate as { components: object[] }
      const system = { type: "operating-system", name: "rocky", version: "9.4" }
      const named = components.map((one) => ({ ...one, name: "openssl-libs", version: "3.0.7-27.el9" }))
      return withSbom({ ...document, components: [system, ...named] })
    }
    const blocking = parsePolicy("version: 1\nseverity: UNKNOWN\n")
    const asked = { policy: blocking }
    expect(await judge(rocky("arch=x86_64&epoch=1"), asked)).toEqual({ outcome: "blocked", message: "" })
    const { outcome, message } = await judge(rocky("epoch=1"), asked)
    expect(outcome).toBe("unassessed")
    expect(message).toContain("it names no architecture")
  })

  it("blocks a system whose release nobody has advisories of by that name", async () => {
    const { outcome, message } = await judge(debian(undefined, "bookworm"))
    expect(outcome).toBe("unassessed")
    expect(message).toContain("the scanner knows no such release")
  })

  function packagesOf(purl: string): object[] {
    const { packages } = spdxOf([purl]).predicate as { packages: object[] }
    return packages.map((one) => ({ ...one, SPDXID: "SPDXRef-Package-other" }))
  }
})
