// The toolbox image as the module's execs find it. With an engine of the user's own the module's default images serve
// instead, which this checkout does not make.
import { execFileSync } from "node:child_process"
import { tmpdir } from "node:os"
import { describe, expect, it } from "vitest"

const image = process.env.CSSC_TOOLBOX

function exec(script: string) {
  const container = ["core", "container", "from", "--address", String(image)]
  const args = [...container, "with-exec", "--args", `sh,-c,${script}`, "stdout"]
  return execFileSync("dagger", args, { cwd: tmpdir(), encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] })
}

describe.runIf(image)("the toolbox image", () => {
  it("is referenced by digest", () => {
    expect(image).toMatch(/^localhost:5000\/cssc\/toolbox@sha256:[0-9a-f]{64}$/)
  })

  it("has crane, oras and Trivy in the pinned versions on its path", () => {
    const output = exec("crane version && oras version && trivy --version")
    expect(output).toMatch(/^0\.22\.1$/m)
    expect(output).toMatch(/^Version:\s+1\.3\.3$/m)
    expect(output).toMatch(/^Version: 0\.73\.0$/m)
  })

  it("has what the scripts of an exec call, and the public certificate authorities", () => {
    const output = exec(
      "for name in sed grep xargs tar gzip sha256sum; do command -v $name; done; grep -c BEGIN /etc/ssl/certs/ca-certificates.crt",
    )
    expect(output.trim().split("\n")).toHaveLength(7)
    expect(Number(output.trim().split("\n").at(-1))).toBeGreaterThan(100)
  })
})
