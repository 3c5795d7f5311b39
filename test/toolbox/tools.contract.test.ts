// The programs that all other contract tests rely on are the ones that the module's images are pinned to.
import { execFileSync } from "node:child_process"
import { describe, expect, it } from "vitest"

function print(tool: string, ...args: string[]) {
  return execFileSync(`${process.env.CSSC_TOOLS}/${tool}`, args, { encoding: "utf8" })
}

describe("the tools on this machine", () => {
  it.each([
    ["crane", "version", /^0\.22\.1$/m],
    ["oras", "version", /^Version:\s+1\.3\.3$/m],
    ["trivy", "--version", /^Version: 0\.73\.0$/m],
  ])("%s %s prints the pinned version", (tool, arg, version) => {
    expect(print(tool, arg)).toMatch(version)
  })
})
