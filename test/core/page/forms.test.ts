// Both forms of one page: hostile texts stay texts, and nobody reads an age as a date.
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { ageOf } from "../../../core/page/age.js"
import { escapeCode, escapeText } from "../../../core/page/markdown-escape.js"
import {
  code,
  facts,
  fold,
  heading,
  link,
  list,
  mark,
  type Page,
  paragraph,
  table,
  time,
} from "../../../core/page/page.js"
import { safeUrl } from "../../../core/page/safe-url.js"
import { toMarkdown } from "../../../core/page/to-markdown.js"
import { toText } from "../../../core/page/to-text.js"

const now = new Date("2026-06-15T12:00:00Z")
const markdown = (...page: Page) => toMarkdown(page, { now })
const text = (...page: Page) => toText(page, { colour: false, now })

describe("escaping for Markdown", () => {
  it("keeps hostile text on one line and inert", () => {
    const hostile = "a|b\n# c `d` <script>x</script> [l](http://e) @team *f* _g_ \u202e\u0000 ![i](x) www.evil.test"
    expect(escapeText(hostile)).toBe(
      "a\\|b \\# c \\`d\\` &lt;script&gt;x&lt;/script&gt; \\[l\\]\\(http&#58;//e) &#64;team \\*f\\* \\_g\\_ \\!\\[i\\]\\(x) www&#46;evil.test",
    )
    expect(escapeCode("a`b\\|c\n<d>")).toBe("`a'b\\¦c <d>`")
  })

  it("cuts long texts", () => {
    expect(escapeCode("x".repeat(1000))).toHaveLength(162)
    expect(escapeText("x".repeat(1000))).toHaveLength(400)
  })

  it("leaves out whole blocks of a long page, so that nothing stays open, and says so", () => {
    const blocks = Array.from({ length: 500 }, () => fold("more", [paragraph("line ".repeat(70))]))
    const long = markdown(...blocks)
    expect(long.length).toBeLessThanOrEqual(60_000)
    expect(long).toMatch(/<\/details>\n\n_Cut here/)
    expect(long.match(/<details>/g)?.length).toBe(long.match(/<\/details>/g)?.length)
  })

  it("escapes a fold's title as HTML, and a fence is longer than what is in it", () => {
    expect(markdown(fold("<b>\n</summary>@x", []))).toContain("<summary>&lt;b&gt; &lt;/summary&gt;&#64;x</summary>")
    expect(markdown({ kind: "fence", language: "yaml", text: "a\n````\nb" })).toBe("`````yaml\na\n````\nb\n`````\n")
  })
})

describe("addresses", () => {
  it("are linked over HTTP alone, and end where they end", () => {
    expect(safeUrl("https://e.test/a_b?c=1")).toBe("https://e.test/a_b?c=1")
    expect(safeUrl("https://e.test/a)|[x](javascript:1)")).toBe("https://e.test/a%29%7C%5Bx%5D%28javascript:1%29")
    for (const bad of [
      "javascript:alert(1)",
      "data:text/html,x",
      "https://u:p@e.test",
      "e.test",
      "https://e.test/\u202e",
      "",
    ])
      expect(safeUrl(bad)).toBeUndefined()
    expect(markdown(paragraph(link("CVE-1", "javascript:alert(1)")))).toBe("`CVE-1`\n")
    expect(markdown(paragraph(link("CVE](x)`-1", "https://e.test/(")))).toBe("[`CVE](x)'-1`](https://e.test/%28)\n")
  })
})

describe("ages", () => {
  it("are told in the largest unit that says something", () => {
    const told = (at: string) => ageOf(at, now)
    expect(told("2026-06-15T11:59:50Z")).toBe("just now")
    expect(told("2026-06-15T11:57:00Z")).toBe("3 min ago")
    expect(told("2026-06-15T09:00:00Z")).toBe("3 h ago")
    expect(told("2026-06-19T12:00:00Z")).toBe("in 4 d")
    expect(told("2024-06-15T12:00:00Z")).toBe("2 y ago")
    expect(told("some day")).toBe("some day")
  })

  it("have the moment beside them where a page is kept, and stand alone in a terminal", () => {
    expect(markdown(paragraph(time("2026-06-15T09:00:00Z")))).toBe("3 h ago (2026-06-15 09:00 UTC)\n")
    expect(text(paragraph(time("2026-06-15T09:00:00Z")))).toBe("3 h ago\n")
  })
})

describe("text for a terminal", () => {
  it("lines up columns by what is seen, whatever colours there are", () => {
    const rows = [
      ["a", mark("bad", "漢字"), "x"],
      [code("long name"), "b", "x"],
    ]
    const lines = toText([table(["One", "Two", "Three"], rows)], { colour: true, now })
      .trimEnd()
      .split("\n")
    expect(lines).toHaveLength(3)
    const seen = text(table(["One", "Two", "Three"], rows)).split("\n")
    expect(seen[1]).toBe("  a          漢字  x")
    expect(seen[2]).toBe("  long name  b     x")
  })

  it("takes nothing of a stranger's but characters: no escape, no command to a runner, no second line", () => {
    const stranger = fc.string({ unit: "binary" }).map((rest) => `##[error]\u001b]8;;http://e\u0007${rest}`)
    const pageOf = (given: string): Page => [
      heading(2, given),
      paragraph(given, code(given), mark("bad", given), link(given, given), time(given)),
      list([given]),
      facts([[given.slice(0, 0), given]]),
      table(["a"], [[given]]),
      { kind: "quote", lines: [given] },
      fold(given, []),
    ]
    const lines = text(...pageOf("x")).split("\n").length
    fc.assert(
      fc.property(stranger, (given) => {
        const told = text(...pageOf(given))
        expect(told.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]|##\[/u)
        expect(told.split("\n")).toHaveLength(lines)
      }),
    )
  })
})
