// A policy file as a hostile input: what is no YAML, and what is YAML to hang or crash its reader.
import { describe, expect, it } from "vitest"
import { parsePolicy } from "../../../core/policy/document/parse-policy.js"

const messageOf = (text: string) => {
  try {
    parsePolicy(text, "policy.yaml")
  } catch (error) {
    return (error as Error).message
  }
  return "accepted"
}

describe("a policy file", () => {
  it.each([
    ["nothing", "", "(document): expected a mapping, not nothing"],
    ["a list", "- version: 1", "expected a mapping"],
    ["no version", "severity: HIGH", "version: expected version: 1"],
    ["version 2", "version: 2", "version: expected version: 1"],
    [
      "a key twice",
      "version: 1\nseverity: LOW\nseverity: HIGH",
      'line 3: (document): is not valid YAML: Map keys must be unique: "severity"',
    ],
    [
      "a key twice, below",
      "version: 1\nvex: {conflict: block, conflict: report}",
      "line 2: (document): is not valid YAML",
    ],
    ["a key twice, once in quotes", 'version: 1\nseverity: LOW\n"severity": HIGH', "Map keys must be unique"],
    ["a key that is an alias", "version: 1\nmethod: &s severity\n*s : LOW", "Map keys must be texts"],
    ["a key that is a list", "version: 1\n? [severity]\n: LOW", "Map keys must be texts"],
    ["a merge", "a: &a {severity: LOW}\nversion: 1\n<<: *a", "<<: unknown key"],
    ["broken YAML", "version: 1\nplatforms: [", "is not valid YAML"],
    ["two documents", "version: 1\n---\nversion: 1", "is not valid YAML"],
    ["an unknown tag", "version: !!js/function 1", "is not valid YAML"],
    ["a binary", "\u0000\u0001\u0002", "[POLICY_INVALID]"],
  ])("is refused when it is %s", (_, text, message) => {
    expect(messageOf(text)).toContain("[POLICY_INVALID]")
    expect(messageOf(text)).toContain(message)
  })

  it("tells every repeated key, each with its line", () => {
    const message = messageOf("version: 1\nseverity: LOW\nseverity: LOW\nmethod: sbom\nmethod: sbom")
    expect(message).toContain("has 2 problems")
    expect(message).toMatch(/line 3: .*"severity".*line 5: .*"method"/)
  })

  it("is refused when aliases multiply, or it is nested beyond reason", () => {
    const bomb = [
      "a: &a [x,x,x,x,x,x,x,x,x]",
      ..."bcdefgh".split("").map((key, at) => `${key}: &${key} [${`*${"abcdefg"[at]},`.repeat(9)}]`),
    ]
    expect(messageOf(bomb.join("\n"))).toContain("[POLICY_INVALID]")
    expect(messageOf("[".repeat(500_000))).toContain("[POLICY_INVALID]")
    expect(messageOf(`a: ${"{a: ".repeat(20_000)}1${"}".repeat(20_000)}`)).toContain("[POLICY_INVALID]")
    expect(messageOf("a: &a [*a]")).toContain("[POLICY_INVALID]")
  })

  it("is refused by its size alone, before it is read", () => {
    expect(messageOf(`x: ${"a".repeat(1024 * 1024)}`)).toContain(
      "[LIMIT_EXCEEDED] policy.yaml is larger than 1048576 bytes",
    )
    const started = performance.now()
    expect(messageOf("version: 1\n".padEnd(50 * 1024 * 1024, "# "))).toContain("[LIMIT_EXCEEDED]")
    expect(performance.now() - started).toBeLessThan(1000)
  })

  it("of 100,000 keys, or 10,001 exceptions, takes no longer than its size explains", () => {
    const keys = Array.from({ length: 100_000 }, (_, at) => `k${at}:`).join("\n")
    // The processor's time: other tests run beside this one. A quadratic search would take minutes.
    const started = process.cpuUsage()
    const message = messageOf(`version: 1\n${keys}`)
    expect(process.cpuUsage(started).user).toBeLessThan(12_000_000)
    expect(message).toContain("has 100000 problems: line 2: k0: unknown key; ")
    expect(message).toContain("; and 99950 more")
    const exceptions = `version: 1\nexceptions:\n${"  - {id: CVE-2024-1, reason: r}\n".repeat(10_001)}`
    expect(messageOf(exceptions)).toContain("exceptions: more than 10000 exceptions")
  })

  it("may hold 10,000 exceptions", () => {
    const ids = Array.from({ length: 10_000 }, (_, at) => `  - {id: CVE-2024-${at}, reason: r}\n`).join("")
    expect(parsePolicy(`version: 1\nexceptions:\n${ids}`).exceptions).toHaveLength(10_000)
  })
})
