// The page as a browser builds it: what strangers wrote is text, nothing is loaded or run, and who cannot see it can use it.
import { createHash } from "node:crypto"
import axe from "axe-core"
import { JSDOM } from "jsdom"
import { describe, expect, it } from "vitest"
import { toHtml } from "../../../core/report/html/to-html.js"
import type { EarlierResult, Report, ReportedInventory } from "../../../core/report/report.js"
import { goldenInventory } from "../../browser/pictured.js"
import { aBigRun, aReport, blocked, everything, hostile, hostileImage, passing } from "./report-world.js"

const worlds = {
  passing: aReport(passing),
  blocked: aReport(blocked),
  hostile: aReport(hostileImage),
  everything,
  run: aBigRun(6),
  inventory: goldenInventory,
}
const page = (report: Report) => new JSDOM(toHtml(report)).window

describe.each(Object.entries(worlds))("the page of what is %s", (_, report) => {
  it("loads nothing and runs nothing", () => {
    const { document } = page(report)
    const loading = "script, iframe, object, embed, link, img, video, audio, form, base, [src], [style], [background]"
    expect(document.querySelectorAll(loading)).toHaveLength(0)
    const attributes = [...document.querySelectorAll("*")].flatMap((element) => [...element.attributes])
    expect(attributes.filter(({ name }) => name.startsWith("on") || name.endsWith(":href"))).toEqual([])
    expect(
      [...document.querySelectorAll("a")].filter(({ href }) => !/^https?:|#(images|inventory)$/.test(href)),
    ).toEqual([])
  })

  it("tells the browser so: one style by its hash, and nothing else", () => {
    const { document } = page(report)
    const policy = document.querySelector("meta[http-equiv]")?.getAttribute("content") ?? ""
    const style = document.querySelector("style")?.textContent ?? ""
    const hash = createHash("sha256").update(style).digest("base64")
    expect(policy).toBe(`default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`)
    expect(style).not.toMatch(/url\(|@import/)
  })

  it("can be used by who does not see it: no violation that axe knows", async () => {
    const window = page(report)
    const { document } = window
    // Colours and layout need a browser; jsdom has neither. test/browser/ looks at them in Chromium.
    const found = await axe.run(document.documentElement, { rules: { "color-contrast": { enabled: false } } })
    expect(found.violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([])
    expect(found.passes.length).toBeGreaterThan(10)
  })

  it("has its headings in order, and a scope for every head of a table", () => {
    const { document } = page(report)
    const levels = [...document.querySelectorAll("h1,h2,h3,h4")].map(({ tagName }) => Number(tagName.slice(1)))
    expect(levels.filter((level) => level === 1)).toHaveLength(1)
    expect(levels.every((level, at) => at === 0 || level <= (levels[at - 1] ?? 0) + 1)).toBe(true)
    expect([...document.querySelectorAll("th")].filter((head) => !head.hasAttribute("scope"))).toEqual([])
    expect([...document.querySelectorAll("table")].every((table) => table.caption !== null)).toBe(true)
    const ids = [...document.querySelectorAll("[id]")].map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
  })
})

describe("a hostile report", () => {
  it("shows the text of strangers as it is, without what is not seen", () => {
    const html = toHtml(aReport(hostileImage))
    for (const bad of ["<script", "<img", "\u0000", "\u001b", "\u202e"]) expect(html).not.toContain(bad)
    expect(page(aReport(hostileImage)).document.body.textContent).toContain("<script>alert(1)</script>")
  })
})

describe("the page", () => {
  it("says what stops an image, what to do, and links each vulnerability to its page", () => {
    const { document } = page(aReport(blocked))
    const text = document.body.textContent ?? ""
    expect(text).toContain("upgrade bash from 5.0 to 5.1")
    expect(text).toContain("MISSING_SBOM")
    expect(text).toContain("expires: YYYY-MM-DD")
    expect(document.querySelector('a[href="https://avd.example/CVE-2026-1"]')).not.toBeNull()
    expect(document.querySelector("details.image")?.hasAttribute("open")).toBe(true)
  })

  it("says of an image that passes that it would, and of a promoted one that it was", () => {
    expect(page(aReport(passing)).document.querySelector(".badge")?.textContent).toBe("would pass")
    const promoted = { ...aReport(passing), kind: "promotion" } as const
    expect(page(promoted).document.querySelector(".badge")?.textContent).toBe("promoted")
  })

  it("has the funnel, the trend, the exceptions that end, and the evidence with who signed it", () => {
    const { document } = page(aBigRun(12))
    const described = (id: string) => document.getElementById(`${id}-d`)?.textContent
    expect(described("funnel")).toBe("acquired: 12; judged: 11; passed: 7; promoted: 7")
    expect(described("trend")).toMatch(/84 blocked, 107 promoted; .*2026-06-15 12:00 UTC: 4 blocked, 7 promoted$/)
    expect(document.getElementById("ending")?.parentElement?.textContent).toContain("2026-06-18 (in 3 d)team-a")
    expect(document.body.textContent).toContain("SBOM, cyclonedx, sha256:")
    expect(document.body.textContent).toContain("signed by Docker on linux/amd64")
  })

  it("holds two hundred images in less than five megabytes, with what is blocked first", () => {
    const html = toHtml(aBigRun(200))
    expect(html.length).toBeLessThan(5_000_000)
    expect(html.match(/<details class="image">/g)).toHaveLength(200)
    const outcomes = [...html.matchAll(/class="badge \w+">([^<]+)/g)].map(([, words]) => words)
    expect(outcomes.indexOf("failed")).toBeGreaterThan(outcomes.lastIndexOf("blocked"))
    expect(toHtml(aBigRun(400))).toContain("and 100 more in the JSON beside this page")
  })
})

describe("the page of an inventory", () => {
  const rows = (report: Report) =>
    [...page(report).document.querySelectorAll("#inventory ~ * tbody tr")].map((row) =>
      [...row.children].map((cell) => cell.textContent),
    )

  it("has what may not be deployed first, with the age of each proof, its end, and why not", () => {
    const found = rows(goldenInventory)
    expect(found.map(([tag, state]) => `${tag} ${state}`)).toEqual([
      ...["3.10 not read", "3.11 not proven", "3.12 not proven", "3.14 proven", "3.13-slim proven", "3.14-slim proven"],
    ])
    expect(found[0]?.slice(3)).toEqual(["never judged", "–", expect.stringContaining("REGISTRY_UNREACHABLE")])
    expect(found[1]?.[3]).toBe("12 d ago (2026-06-03)")
    expect(found[3]?.slice(4)).toEqual([
      "in 3 d (2026-06-18)",
      "the exception for CVE-2026-2004 (team-images) ends in 3 d, 2026-06-18",
    ])
  })

  it("draws the trend of earlier inventories, and of no other results", () => {
    const run = { ...(goldenInventory.earlier?.[0] as EarlierResult), of: "images", promoted: 77 } as const
    const report = { ...goldenInventory, earlier: [...(goldenInventory.earlier ?? []), run] }
    const trend = page(report).document.getElementById("trend-d")?.textContent ?? ""
    expect(trend).toMatch(/0 not proven, 5 proven; .*2026-06-15 12:00 UTC: 2 not proven, 3 proven$/)
    expect(trend).not.toContain("77")
  })

  it("stands beside a run when both are given", () => {
    const { document } = page({ ...aBigRun(6), inventory: goldenInventory.inventory as ReportedInventory })
    expect(document.querySelectorAll("details.image")).toHaveLength(6)
    expect(document.getElementById("inventory")?.textContent).toBe("What ghcr.io/acme/golden/python holds")
  })

  it("shows the text of strangers as text", () => {
    const inventory = goldenInventory.inventory as ReportedInventory
    const bad = { tag: hostile, state: "unproven", problems: [hostile], digest: undefined } as const
    const html = toHtml({ ...goldenInventory, inventory: { ...inventory, repository: hostile, rows: [bad] } })
    for (const text of ["<script", "<img", "\u001b", "\u202e"]) expect(html).not.toContain(text)
  })
})
