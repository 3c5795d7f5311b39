// What can go wrong: an SBOM lists the right packages and leads the scanner to other advisories, by another release of the
// operating system or another source package; and an honest one is taken for a lie, since generators differ.
import { describe, expect, it } from "vitest"
import { compareScans } from "../../../core/sbom/compare-scans.js"
import { aFinding } from "../policy/build-assessment.js"

const os = (family: string, name: string, endOfLife = false) => ({ os: { family, name, endOfLife } })
const none = { findings: [], suppressed: [] }
const systems = (sbom: object, image: object) => compareScans({ ...none, ...sbom }, { ...none, ...image }).os

describe("compareScans", () => {
  it("says nothing when both say the same, more or less exactly", () => {
    expect(systems(os("debian", "12"), os("debian", "12.5"))).toBeUndefined()
    expect(systems(os("alpine", "3.19.1"), os("alpine", "3.19"))).toBeUndefined()
    expect(systems({}, {})).toBeUndefined()
    expect(systems(os("none", ""), {})).toBeUndefined()
  })

  it.each([
    ["release", os("alpine", "3.99.0"), os("alpine", "3.10.2"), "alpine 3.99.0", "alpine 3.10.2"],
    ["release that only begins alike", os("debian", "1"), os("debian", "12"), "debian 1", "debian 12"],
    ["family", os("ubuntu", "12"), os("debian", "12"), "ubuntu 12", "debian 12"],
    ["end of life", os("alpine", "3"), os("alpine", "3.10.2", true), "alpine 3", "alpine 3.10.2 (past its end)"],
    ["system, missing in the SBOM", {}, os("debian", "12"), "none that is known", "debian 12"],
    ["system, missing in the image", os("debian", "12"), os("none", ""), "debian 12", "none that is known"],
  ])("names another %s", (_, sbom, image, said, is) => {
    expect(systems(sbom, image)).toEqual({ sbom: said, image: is })
  })

  it("names what only the file system's scan finds, by id and package, once", () => {
    const inImage = [
      aFinding({ purl: "pkg:deb/debian/bash@5.0?distro=debian-12.5" }),
      aFinding({ purl: "pkg:deb/debian/bash@5.0", target: "elsewhere" }),
      aFinding({ id: "CVE-2026-2" }),
      aFinding({ id: "CVE-2026-3", purl: "" }),
      aFinding({ id: "CVE-2026-4" }),
    ]
    const inSbom = [
      aFinding({ id: "CVE-2026-2", purl: "pkg:deb/debian/bash@5.0?arch=amd64" }),
      aFinding({ id: "CVE-2026-9" }),
    ]
    const suppressed = [aFinding({ id: "CVE-2026-4" })]
    expect(compareScans({ findings: inSbom, suppressed }, { ...none, findings: inImage }).missedFindings).toEqual([
      "CVE-2026-1 in pkg:deb/debian/bash@5.0",
      "CVE-2026-3 in bash@5.0",
    ])
    expect(compareScans({ ...none, findings: inImage }, { ...none, findings: inImage })).toEqual({})
  })
})
