import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { parseCommand } from "../../../core/approval/command.js"

const good = "/approve CVE-2024-1 GHSA-aaaa-bbbb-cccc until 2026-12-10 because the fix is not released"

describe("a command", () => {
  it.each([good, good.replace("/approve", "/cssc approve"), `\r\n  ${good}\n\n`])("is read: %j", (text) => {
    expect(parseCommand(text)).toEqual({
      command: {
        ...{ kind: "approve", cves: ["CVE-2024-1", "GHSA-aaaa-bbbb-cccc"], until: "2026-12-10" },
        reason: "the fix is not released",
      },
    })
  })

  it("keeps the word because in a reason", () => {
    expect(parseCommand("/deny because it is old because of me")).toEqual({
      command: { kind: "deny", reason: "it is old because of me" },
    })
  })

  it.each([
    ["two lines", `${good}\nand more`],
    ["two commands", `${good}\n/deny because no`],
    ["a quotation before it", `> ${good}`],
    ["a code block", `\`\`\`\n${good}\n\`\`\``],
    ["capital letters", good.replace("approve", "APPROVE")],
    ["no end", "/approve CVE-2024-1 because x"],
    ["no reason", "/approve CVE-2024-1 until 2026-12-10"],
    ["an empty reason", "/approve CVE-2024-1 until 2026-12-10 because "],
    ["a reason of spaces that cannot be seen", "/approve CVE-2024-1 until 2026-12-10 because \u2800"],
    ["no id", "/approve until 2026-12-10 because x"],
    ["a wildcard", "/approve CVE-* until 2026-12-10 because x"],
    ["everything", "/approve all until 2026-12-10 because x"],
    ["a comma", "/approve CVE-2024-1,CVE-2024-2 until 2026-12-10 because x"],
    ["two spaces", "/approve  CVE-2024-1 until 2026-12-10 because x"],
    ["a tab", "/approve\tCVE-2024-1 until 2026-12-10 because x"],
    ["a day that is not in the calendar", "/approve CVE-2024-1 until 2026-02-30 because x"],
    ["a moment", "/approve CVE-2024-1 until 2026-12-10T00:00:00Z because x"],
    ["a character that turns the direction", "/approve CVE-2024-1 until 2026-12-10 because \u202e x"],
    ["a line separator", "/approve CVE-2024-1 until 2026-12-10 because x\u2028/deny because y"],
    ["too many ids", `/approve ${"CVE-2024-1 ".repeat(1)}${ids(201)} until 2026-12-10 because x`],
    ["a reason without end", `/approve CVE-2024-1 until 2026-12-10 because ${"x".repeat(501)}`],
    ["more than a comment has", `/approve CVE-2024-1 until 2026-12-10 because ${"x".repeat(100_000)}`],
    ["HTML", "/approve CVE-2024-1<!-- --> until 2026-12-10 because x"],
    ["another word before it", `please ${good}`],
    ["another command that begins like it", good.replace("/approve", "/approved")],
  ])("is none with %s", (_, text) => {
    expect(parseCommand(text)).not.toHaveProperty("command")
  })

  it("says what is wrong with it, in words of ours", () => {
    expect(parseCommand(`${good}\n${good}`)).toEqual({ problem: expect.stringContaining("more than one line") })
    expect(parseCommand("/approve CVE-* until 2026-12-10 because x")).toEqual({
      problem: expect.stringContaining("no id"),
    })
    expect(parseCommand("hello")).toEqual({ none: true })
  })

  it("is none for any text that was not written as one", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 300 }), (text) => {
        expect(parseCommand(text)).not.toHaveProperty("command")
        expect(parseCommand(`/approve ${text} because`)).not.toHaveProperty("command")
      }),
    )
  })

  it("takes no long time for a hostile text", () => {
    const start = performance.now()
    for (const part of ["CVE-1-1 until ", "a ", "until until ", "because "])
      parseCommand(`/approve ${part.repeat(7900 / part.length)}`.slice(0, 8000))
    expect(performance.now() - start).toBeLessThan(500)
  })
})

function ids(count: number): string {
  return Array.from({ length: count }, (_, place) => `CVE-2024-${place}`).join(" ")
}
