import { describe, expect, it } from "vitest"
import { code, cutDocument, plain } from "../../../core/evidence/render/escape.js"
import { renderRun } from "../../../core/evidence/render/render-run.js"
import { renderVerdict } from "../../../core/evidence/render/render-verdict.js"
import { counts } from "../../../core/evidence/render/verdict-counts.js"
import { digestOf } from "../../../core/oci/digest.js"
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

describe("escaping", () => {
  it("keeps hostile text on one line and inert", () => {
    const hostile = "a|b\n# c `d` <script>x</script> [l](http://e) @team *f* _g_ \u202e\u0000 ![i](x)"
    expect(plain(hostile)).toBe(
      "a\\|b \\# c \\`d\\` &lt;script&gt;x&lt;/script&gt; \\[l\\]\\(http&#58;//e\\) &#64;team \\*f\\* \\_g\\_ \\!\\[i\\]\\(x\\)",
    )
    expect(code("a`b\\|c\n<d>")).toBe("`a'b\\¦c <d>`")
  })

  it("cuts long texts and documents, and says so", () => {
    expect(code("x".repeat(1000))).toHaveLength(162)
    const text = cutDocument("line\n".repeat(1000), 500)
    expect(text.length).toBeLessThanOrEqual(500)
    expect(text).toMatch(/line\n\n_Cut here/)
  })
})

describe("renderVerdict", () => {
  const text = renderVerdict(blocked)

  it("says first what happens and why", () => {
    expect(text.split("\n").slice(0, 3)).toEqual([
      "## ⛔ blocked: `registry.example.com/quarantine/app:1`",
      "",
      "**1 vulnerability at HIGH or above stop it after 1 accepted by exceptions.**",
    ])
  })

  it("has a row for every platform", () => {
    expect(text).toMatch(
      /\| `linux\/amd64` \| `sha256:[0-9a-f]{12}` \| debian 13 \| 10 \| 2 \| \*\*1\*\* \| ✅ \| 0 \|/,
    )
    expect(text).toMatch(/\| `linux\/arm64` \|.*\| 1 \| \*\*1\*\* \|/)
  })

  it("joins one vulnerability of several platforms into a row", () => {
    expect(text).toContain(
      "| `CVE-2026-1` | HIGH | `bash 5.0` | `5.1` | `linux/amd64`, `linux/arm64` | bash \\| &lt;b&gt;bad&lt;/b&gt; |",
    )
  })

  it("tells who accepted what, and the state of the exceptions", () => {
    expect(text).toContain("### Accepted by exceptions (1)")
    expect(text).toContain("not reachable \\(team-a until 2026-06-18\\)")
    expect(text).toContain("| `CVE-2026-2` | **expiring** | 1 | 2026-06-18 | team-a | not reachable |")
  })

  it("names database, tools and policy", () => {
    expect(text).toContain("| Vulnerability database | 2026-06-15T06:00:00Z |")
    expect(text).toContain("`trivy 0.73.0`")
    expect(text).toContain("policy.yaml, HIGH and above")
  })

  it("is bounded for an image with very many findings", () => {
    const many = Array.from({ length: 5000 }, (_, at) => aFinding({ id: `CVE-2026-${at}`, title: "t".repeat(5000) }))
    const long = renderVerdict(judge(withFindings("linux/amd64", ...many)))
    expect(long.length).toBeLessThanOrEqual(60_000)
  })

  it("shows a missing SBOM and unassessed packages", () => {
    const unassessed = [{ purl: "pkg:dhi/python@3", name: "python", version: "3" }]
    const verdict = judge(
      unscanned("linux/amd64", "SBOM_MISSING"),
      aPlatform("linux/arm64", { scan: aScan({ unassessed }) }),
    )
    expect(renderVerdict(verdict)).toMatch(
      /blocked-missing-sbom[\s\S]*1 of 2 platforms have no SBOM[\s\S]*⛔ missing[\s\S]*\*\*1\*\* \|/,
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
  const text = renderVerdict(verdict)

  it("says at the top that somebody overrode, who, why, where, and until when", () => {
    expect(verdict.passed).toBe(true)
    const top = text.slice(0, text.indexOf("| Platform |"))
    expect(top).toContain("1 overridden by eve")
    expect(top).toContain("lets pass `CVE-2026-1`** until 2026-06-20T00:00:00Z; not found: `CVE-2026-7`")
    expect(top).toContain("until \\| the release (https&#58;//issues.test/1)")
    expect(text).toContain("### Let pass by the override (1)")
  })

  it("shows an SBOM that nobody trusted signed, and one that is", () => {
    expect(text).toMatch(/\| \*\*untrusted\*\* \| 0 \|/)
    const trusted = { ...sbom, signature: { status: "verified", publisher: "" } as const }
    const ours = evaluate(anAssessment([aPlatform("linux/amd64", { sbom: trusted })]), policy, { now })
    expect(renderVerdict(ours)).toContain("| ✅ signed by us |")
  })

  it("has the regression's numbers, the VEX documents, and what would fix what is accepted", () => {
    expect(text).toContain("### Against `golden.example.com/app:1`")
    expect(text).toContain("| New findings | 2 | `CVE-2026-1 pkg:deb/debian/bash`, `CVE-2026-2 pkg:deb/debian/bash` |")
    expect(text).toContain("### VEX: 1 document, 0 suppressed")
    expect(text).toMatch(/\| untrusted \| \*\*no\*\*: .* \| 0 \| 1 \| 0 \|/)
    expect(text).toMatch(/\| `CVE-2026-2` \| \*\*expiring\*\* \| 1 \| .* \| not reachable \| `eve ¦ <b>/)
  })

  it("keeps hostile text from approvers, authors, packages and versions inert", () => {
    expect(text.split("\n").filter((line) => line.startsWith("# ") || /^<b>/.test(line))).toEqual([])
    // Outside of code spans nothing may be a tag or a link.
    const outside = text.replace(/`[^`\n]*`/g, "")
    expect(outside).not.toMatch(/<b>|\]\(http/)
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
  it("has one row per tag and one per platform", () => {
    const text = renderRun([
      { tag: "1", outcome: "promote", verdict: judge(aPlatform("linux/amd64")), source: "deleted" },
      { tag: "2", outcome: "blocked", verdict: blocked },
      { tag: "3", outcome: "failed", why: "[REGISTRY_UNREACHABLE] no route | host" },
    ])
    expect(text).toContain("**3 tags: ⛔ 1 blocked, ⛔ 1 failed, ✅ 1 promote**")
    expect(text).toMatch(/\| `1` \| ✅ promote \| `sha256:[0-9a-f]{12}` \| 0 \| 0 \| deleted \|/)
    expect(text).toContain("| `3` | ⛔ failed | – | – | – | – | \\[REGISTRY\\_UNREACHABLE\\] no route \\| host |")
    expect(text.match(/\| `2` \| `linux\//g)).toHaveLength(2)
  })

  it("says when there was nothing to do", () => {
    expect(renderRun([])).toContain("No tag matched: nothing was done.")
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
