// Why a tool failed: by what it says in a structured way, else by what the registries answer when they are asked.
import { describe, expect, it } from "vitest"
import { CsscError } from "../../../core/errors.js"
import { toolFailure } from "../../../dagger/containers/tool-failure.js"
import { refusalError } from "../../../registry/failure/classify-answer.js"

const url = "https://registry.example/v2/app/manifests/1"
const refusedHead = () => Promise.reject(refusalError("resolve b", { method: "HEAD", url, status: 403 }))
const fine = () => Promise.resolve()

function failure(stderr: string, ask: () => Promise<unknown> = fine, exitCode = 1) {
  const result = { exitCode, stdout: Buffer.alloc(0), stderr }
  return toolFailure({ tool: "oras", action: "copy a to b", result, ask })
}

const answered = (status: number) => `Error: GET "${url}": response status code ${status}: Some Text`

describe("toolFailure", () => {
  it.each([
    [answered(429), "REGISTRY_RATE_LIMITED", true],
    [answered(502), "REGISTRY_UNAVAILABLE", true],
    [answered(403), "REGISTRY_UNAUTHORIZED", false],
    [answered(404), "REGISTRY_NOT_FOUND", false],
    [answered(415), "REGISTRY_REFUSED", false],
    ["Error response from registry: denied: no", "REGISTRY_UNAUTHORIZED", false],
    ["Error response from registry: digest invalid: content does not match digest", "DIGEST_MISMATCH", false],
    [`Error: Head "${url}": EOF`, "REGISTRY_UNREACHABLE", true],
  ])("%s is %s (retried: %s)", async (stderr, code, retry) => {
    expect(await failure(stderr)).toMatchObject({ code, retry })
  })

  it("is an outage when the command took too long, and a limit when its output is too large", async () => {
    expect(await failure("", fine, 124)).toMatchObject({
      code: "REGISTRY_UNREACHABLE",
      retry: true,
      message: expect.stringContaining("took too long"),
    })
    expect(await failure("", fine, 153)).toMatchObject({ code: "LIMIT_EXCEEDED", retry: false })
  })

  it("asks the registries where the tool's words tell nothing, and says what they answer of the copy", async () => {
    expect(await failure("Error: something went wrong", refusedHead)).toMatchObject({
      code: "REGISTRY_UNAUTHORIZED",
      message: expect.stringMatching(
        /^\[REGISTRY_UNAUTHORIZED\] copy a to b failed: .*\(HEAD registry\.example\/v2\/app\/manifests\/1 answered 403\)/,
      ),
    })
    const mismatch = new CsscError("DIGEST_MISMATCH", "the source came with other bytes")
    expect(await failure("Error: something went wrong", () => Promise.reject(mismatch))).toBe(mismatch)
  })

  it("says which request was refused when the tool tells only the code", async () => {
    expect((await failure("Error response from registry: denied: no", refusedHead)).message).toContain("answered 403")
  })

  it("is the tool's failure when the registries answer as they should", async () => {
    const error = await failure("Error: unknown flag: --x")
    expect(error).toMatchObject({ code: "TOOL_FAILED" })
    expect(error.message).toContain('oras said "unknown flag: --x", and the registries answer as they should')
  })

  it("tries a 401 again when the credentials are let in now, and no other one", async () => {
    const unauthorized = `Error: PUT "${url}": response status code 401: Unauthorized`
    expect(await failure(unauthorized)).toMatchObject({ code: "REGISTRY_UNAUTHORIZED", retry: true })
    expect(await failure("Error response from registry: unauthorized: authentication required")).toMatchObject({
      retry: true,
    })
    expect(await failure(unauthorized, refusedHead)).toMatchObject({ retry: false })
    expect(await failure(answered(403))).toMatchObject({ retry: false })
  })

  it("hands a defect of ours on as it is", async () => {
    await expect(failure("Error: x", () => Promise.reject(new TypeError("ours")))).rejects.toThrow(TypeError)
  })
})
