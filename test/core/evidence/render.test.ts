import { describe, expect, it } from "vitest"
import { renderRun } from "../../../core/evidence/render/render-run.js"
import { renderVerdict } from "../../../core/evidence/render/render-verdict.js"
import { counts } from "../../../core/evidence/render/verdict-counts.js"
import { digestOf } from "../../../core/oci/digest.js"
import { type Page } from "../../../core/page/page.js"
import { toMarkdown } from "../../../core/page/to-markdown.js"
import { toText } from "../../../core/page/to-text.js"
import { parsePolicy } from "../../../core/policy/document/parse-policy.js"
import { evaluate } from "../../../core/policy/judge/evaluate.js"
import {
  aFinding,
  anAssessment,
  aPlatform,
  aScan,
  image,
  now,
  unscanned,
  withFindings,
} from "../policy/build-assessment.js"
import { anAttachedVex } from "../policy/build-vex.js"

const policy = parsePolicy(
  "version: 1\nexceptions: [{id: CVE-2026-2, reason: 'not reachable', owner: team-a, expires: 2026-06-18}]",
  "policy.yaml",
)
const markdown = (page: Page) => toMarkdown(page, { now })
const judge = (...platforms: Parameters<typeof anAssessment>[0] & object[]) =>
  evaluate(anAssessment(platforms), policy, { now })
const blocked = judge(
  withFindings(
    "linux/amd64",
    aFinding({ fixedVersion: "5.1", title: "bash | <b>bad</b>" }),
    aFinding({ id: "CVE-2026-2" }),
  ),
  withFindings("linux/arm64", aFinding({ fixedVersion: "5.1", title: "bash | <b>bad</b>" })),
)

describe("renderVerdict", () => {
  const named = `dhi.io/app:1.4@${blocked.image.digest}`
  const text = markdown(renderVerdict(blocked, named))

  it("says first what happens and why", () => {
    expect(text.split("\n").slice(0, 3)).toEqual([
      expect.stringMatching(/^## ⛔ blocked: `dhi\.io\/app:1\.4` `sha256:[0-9a-f]{12}`$/),
      "",
      "**1 vulnerability at HIGH or above stops it after 1 accepted by exceptions.** Found: 2 high.",
    ])
  })

  it("says of an image that passes that it would, since a gate promotes nothing", () => {
    expect(markdown(renderVerdict(judge(aPlatform("linux/amd64"))))).toMatch(/^## ✅ would pass: `registry/)
  })

  it("says what to do: the upgrade in the row, and the exception to paste", () => {
    expect(text).toContain("| upgrade bash from 5.0 to 5.1 |")
    const pasted = /```yaml\n([^`]+)```/.exec(text)?.[1] ?? ""
    expect(pasted).toContain("- id: CVE-2026-1\n")
    expect(pasted).not.toContain("CVE-2026-2")
    expect(() => parsePolicy(`version: 1\n${pasted}`, "policy.yaml")).toThrow(/expires/)
    const filled = pasted.replace("YYYY-MM-DD", "2026-07-01")
    expect(
      evaluate(anAssessment([withFindings("linux/amd64", aFinding())]), parsePolicy(`version: 1\n${filled}`, "p"), {
        now,
      }).passed,
    ).toBe(true)
  })

  it("names each vulnerability once outside of what is folded and what is to be pasted", () => {
    const open = text.replace(/<details>[\s\S]*?<\/details>/g, "").replace(/```[\s\S]*?```/g, "")
    expect(open.match(/\[`CVE-2026-1`\]/g)).toHaveLength(1)
    expect(open).not.toContain("CVE-2026-2")
  })

  it("has no table that is wider than a forge's page", () => {
    const widths = text
      .split("\n")
      .filter((line) => line.startsWith("| ---"))
      .map((line) => line.split("|").length - 2)
    expect(Math.max(...widths)).toBeLessThanOrEqual(6)
  })

  it("is aligned text without a trace of Markdown in a terminal", () => {
    const plain = toText(renderVerdict(blocked, named), { colour: false, now })
    expect(plain).not.toMatch(/[`\\]|&\w+;|\*\*|<details>/)
    expect(plain).not.toContain("\u001b")
    const rows = plain.split("\n").filter((line) => /^ {2}(Platform|linux\/)/.test(line))
    expect(rows).toHaveLength(3)
    expect(new Set(rows.map((line) => line.search(/Digest|sha256:/))).size).toBe(1)
    expect(plain).toContain("https://nvd.nist.gov/vuln/detail/CVE-2026-1\n")
    expect(toText(renderVerdict(blocked), { colour: true, now })).toContain("\u001b[31mHIGH")
  })

  it("has a row for every platform", () => {
    expect(text).toMatch(
      /\| `linux\/amd64` \| `sha256:[0-9a-f]{12}` \| debian 13 \| 10 \| \*\*1\*\* of 2 at HIGH or above \| ✅ \|/,
    )
    expect(text).toMatch(/\| `linux\/arm64` \|.*\| \*\*1\*\* of 1 at/)
  })

  it("joins one vulnerability of several platforms into a row", () => {
    expect(text).toContain(
      "| [`CVE-2026-1`](https://nvd.nist.gov/vuln/detail/CVE-2026-1) | **HIGH** | upgrade bash from 5.0 to 5.1 | all 2 | bash \\| &lt;b&gt;bad&lt;/b&gt; |",
    )
  })

  it("tells who accepted what, and the state of the exceptions", () => {
    expect(text).toContain("<summary>Accepted by exceptions: 1 high</summary>")
    expect(text).toContain("not reachable (team-a until 2026-06-18)")
    expect(text).toContain("| `CVE-2026-2` | **expiring** | 2026-06-18 | team-a | not reachable |")
  })

  it("names database, tools and policy", () => {
    expect(text).toContain("| Vulnerability database | 6 h ago (2026-06-15 06:00 UTC) |")
    expect(text).toContain("`trivy 0.73.0`")
    expect(text).toContain("policy.yaml, HIGH and above")
  })

  it("is bounded for an image with very many findings", () => {
    const many = Array.from({ length: 5000 }, (_, at) => aFinding({ id: `CVE-2026-${at}`, title: "t".repeat(5000) }))
    const long = markdown(renderVerdict(judge(withFindings("linux/amd64", ...many))))
    expect(long.length).toBeLessThanOrEqual(60_000)
  })

  it("shows a missing SBOM and unassessed packages", () => {
    const unassessed = [{ purl: "pkg:dhi/python@3", name: "python", version: "3" }]
    const verdict = judge(
      unscanned("linux/amd64", "SBOM_MISSING"),
      aPlatform("linux/arm64", { scan: aScan({ unassessed }) }),
    )
    expect(markdown(renderVerdict(verdict))).toMatch(
      /blocked, an SBOM is missing[\s\S]*1 of 2 platforms have no SBOM[\s\S]*⛔ missing[\s\S]*\*\*1 not assessed\*\* \|/,
    )
  })
})

describe("renderVerdict, on what was observed and accepted", () => {
  const hostile = "eve | <b>[x](http://e)</b>\n# `y`"
  const override = {
    ...{ digest: image.digest, approver: hostile, reason: "until | the release", reference: "https://issues.test/1" },
    ...{ cves: ["CVE-2026-1", "CVE-2026-7"], expires: "2026-06-20T00:00:00Z", grantedAt: "2026-06-15T00:00:00Z" },
  }
  const golden = {
    ...{ platform: "linux/amd64", digest: digestOf("golden"), findings: [], packages: [] },
  }
  const signature = { status: "untrusted", reason: "unknown key" } as const
  const sbom = {
    ...{ predicateType: "https://cyclonedx.org/bom", referrer: digestOf("r"), blob: digestOf("b"), components: 1 },
    ...({ envelope: "dsse", format: "cyclonedx", signature } as const),
  }
  const assessment = anAssessment(
    [
      aPlatform("linux/amd64", {
        sbom,
        scan: aScan({
          packageNames: [`pkg:npm/${hostile}`],
          findings: [aFinding({ fixedVersion: "5.1" }), aFinding({ id: "CVE-2026-2", fixedVersion: hostile })],
        }),
      }),
    ],
    {
      vex: {
        documents: [{ ...anAttachedVex(), author: hostile, source: hostile, signature }],
        problems: [],
        products: [],
      },
      baseline: {
        kind: "compared",
        baseline: { reference: "golden.example.com/app:1", digest: digestOf("golden"), platforms: [golden] },
      },
    },
  )
  const verdict = evaluate(assessment, policy, { now, override })
  const text = markdown(renderVerdict(verdict))

  it("says at the top that somebody overrode, who, why, where, and until when", () => {
    expect(verdict.passed).toBe(true)
    const top = text.slice(0, text.indexOf("| Platform |"))
    expect(top).toContain("1 overridden by eve")
    expect(top).toContain("lets pass `CVE-2026-1` until 2026-06-20T00:00:00Z; not found: `CVE-2026-7`")
    expect(top).toContain("until \\| the release ([`https://issues.test/1`](https://issues.test/1))")
    expect(text).toContain("<summary>Let pass by the override: 1 high</summary>")
  })

  it("shows an SBOM that nobody trusted signed, and one that is", () => {
    expect(text).toMatch(/\| \*\*untrusted\*\* \|\n/)
    const trusted = { ...sbom, signature: { status: "verified", publisher: "" } as const }
    const ours = evaluate(anAssessment([aPlatform("linux/amd64", { sbom: trusted })]), policy, { now })
    expect(markdown(renderVerdict(ours))).toContain("| ✅ signed by us |")
  })

  it("has the regression's numbers, the VEX documents, and what would fix what is accepted", () => {
    expect(text).toContain("<summary>Against golden.example.com/app:1: 2 new, 0 fixed, 0 the same</summary>")
    expect(text).toContain("| New findings | 2 | `CVE-2026-1 pkg:deb/debian/bash`, `CVE-2026-2 pkg:deb/debian/bash` |")
    expect(text).toContain("<summary>VEX: 1 document, 0 suppressed</summary>")
    expect(text).toMatch(/\| untrusted \| \*\*no\*\*: .* \| 0 by 1 statement \| 0 \|/)
    expect(text).toMatch(/\| `CVE-2026-2` \| \*\*expiring\*\* \| .* \| not reachable \| `eve ¦ <b>/)
  })

  it("keeps hostile text from approvers, authors, packages and versions inert", () => {
    expect(text.split("\n").filter((line) => line.startsWith("# ") || /^<b>/.test(line))).toEqual([])
    // Outside of code spans nothing may be a tag or a link.
    const outside = text.replace(/`[^`\n]*`/g, "")
    expect(outside.replace(/\]\(https:\/\/(nvd\.nist\.gov|issues\.test)\/[\w/-]+\)/g, "]")).not.toMatch(/<b>|\]\(http/)
    for (const block of text.split("\n\n").filter((part) => part.startsWith("| "))) {
      const columns = block
        .trim()
        .split("\n")
        .map((line) => line.replace(/\\\|/g, "").split("|").length)
      expect(new Set(columns).size).toBe(1)
    }
  })
})

describe("renderRun", () => {
  const promoted = judge(aPlatform("linux/amd64"))
  const rows = [
    { tag: "1", outcome: "promote", verdict: promoted, digest: promoted.image.digest, source: "deleted" },
    { tag: "2", outcome: "blocked", verdict: blocked },
    { tag: "3", outcome: "failed", why: "[REGISTRY_UNREACHABLE] no route | host" },
    { tag: "4", outcome: "unchanged", verdict: promoted },
  ] as const

  it("has what is blocked first, then what failed, then what was promoted, each tag once", () => {
    const text = markdown(renderRun(rows))
    expect(text).toContain("4 tags: ⛔ 1 blocked, ⛔ 1 failed, ✅ 1 promoted, ➖ 1 promoted already, unchanged")
    const heads = [...text.matchAll(/^### (\S+)/gm)].map(([, name]) => name)
    expect(heads).toEqual(["Blocked", "What", "Failed", "Promoted"])
    expect(text).toMatch(/\| `1` \| `sha256:[0-9a-f]{12}` \| none \| 0 \| deleted \|/)
    expect(text).toContain("| `3` | \\[REGISTRY\\_UNREACHABLE\\] no route \\| host |")
    expect(text).toMatch(/\| `2` \| `sha256:[0-9a-f]{12}` \| 1 high \| \[`CVE-2026-1`\]/)
    expect(text).toContain("| upgrade bash from 5.0 to 5.1 | 1 tag |")
    expect(/<details>[\s\S]*<\/details>/.exec(text)?.[0]).toContain("| `4` |")
  })

  it("stays readable over two hundred tags: lists end with a count, unchanged ones are one line", () => {
    const many = Array.from({ length: 200 }, (_, at) => ({ ...rows[at % 4 === 0 ? 1 : 3], tag: `t${at}` }))
    const text = toText(renderRun([...many, ...many]), { colour: false, now })
    expect(text.split("\n").length).toBeLessThan(125)
    expect(text).toContain("▸ Unchanged (300)")
    expect(markdown(renderRun(many)).length).toBeLessThan(30_000)
  })

  it("says when there was nothing to do", () => {
    expect(markdown(renderRun([]))).toContain("No tag matched: nothing was done.")
  })
})

describe("counts", () => {
  it("are the composite action's outputs", () => {
    expect(counts(blocked)).toEqual({
      decision: "blocked",
      platformCount: 2,
      missingSbomCount: 0,
      unassessedCount: 0,
      blockingCount: 2,
      remainingCount: 1,
      exceptedCount: 1,
      blocking: "CVE-2026-1|CVE-2026-2",
      remaining: "CVE-2026-1",
      excepted: "CVE-2026-2",
      blockingMarkdown: "`CVE-2026-1`, `CVE-2026-2`",
      remainingMarkdown: "`CVE-2026-1`",
      exceptedMarkdown: "`CVE-2026-2`",
    })
  })

  it("say dryrun instead of promote, and of nothing else", () => {
    expect(counts(judge(aPlatform("linux/amd64")), { dryRun: true }).decision).toBe("dryrun")
    expect(counts(blocked, { dryRun: true }).decision).toBe("blocked")
  })
})
