import { describe, expect, it } from "vitest"
import { registryFailure } from "../../registry/registry-failure.js"
import { repositoryOf } from "../../core/oci/registry-path.js"
import { type HttpExchange } from "../../core/ports.js"

function failure(message: string, exchanges: readonly HttpExchange[] = [], timedOut = false) {
  return registryFailure({ action: "copy a to b", message, exchanges, timedOut })
}

const at = (repository: string, rest = "manifests/1") => `https://registry.example/v2/${repository}/${rest}`

describe("registryFailure", () => {
  it.each([
    ["no such host", "REGISTRY_UNREACHABLE", false],
    ["connect: connection refused", "REGISTRY_UNREACHABLE", true],
    ["read: connection reset by peer", "REGISTRY_UNREACHABLE", true],
    ['Head "http://x/v2/a/manifests/1": EOF; see', "REGISTRY_UNREACHABLE", true],
    ["tls: failed to verify certificate: x509: unknown authority", "REGISTRY_UNREACHABLE", false],
    ["server gave HTTP response to HTTPS client", "REGISTRY_UNREACHABLE", false],
    ["mismatched digest", "DIGEST_MISMATCH", false],
    ["write /dev/stdout: file too large", "LIMIT_EXCEEDED", false],
    ["response status code 429: Too Many Requests", "REGISTRY_RATE_LIMITED", true],
    ["response status code 502: Bad Gateway", "REGISTRY_UNAVAILABLE", true],
    ["response status code 409: tag 1 is immutable", "TAG_IMMUTABLE", false],
    ["response status code 403: denied", "REGISTRY_UNAUTHORIZED", false],
    ["response status code 404: name unknown", "REGISTRY_NOT_FOUND", false],
    ["response status code 415", "REGISTRY_REFUSED", false],
    ["flag provided but not defined", "TOOL_FAILED", false],
  ])("%s is %s (retried: %s)", (message, code, retry) => {
    expect(failure(message)).toMatchObject({ code, retry })
  })

  it("is an outage when the command took too long", () => {
    expect(failure("", [], true)).toMatchObject({
      code: "REGISTRY_UNREACHABLE",
      retry: true,
      message: expect.stringContaining("took too long"),
    })
  })

  it("tells the answer with its host, which is the side", () => {
    const error = failure("denied", [
      { method: "POST", url: at("app", "blobs/uploads/"), status: 403, error: '{"errors":[]}' },
    ])
    expect(error.message).toContain('(POST registry.example/v2/app/blobs/uploads/ answered 403 {"errors":[]})')
  })

  it("does not take the challenge before a token for a refusal", () => {
    const asked = [
      { method: "GET", url: at("app"), status: 401 },
      { method: "GET", url: at("app"), status: 200 },
    ]
    expect(failure("something else", asked)).toMatchObject({ code: "TOOL_FAILED" })
  })

  it("retries a 401 for what was let in before, and no other one", () => {
    const let_in = { method: "POST", url: at("app", "blobs/uploads/"), status: 202 }
    const refused = { method: "PUT", url: at("app", "manifests/1"), status: 401 }
    expect(failure("unauthorized", [let_in, refused])).toMatchObject({ retry: true })
    expect(failure("unauthorized", [{ ...let_in, url: at("other", "blobs/uploads/") }, refused])).toMatchObject({
      retry: false,
    })
    expect(failure("unauthorized", [{ ...let_in, method: "GET" }, refused])).toMatchObject({ retry: false })
    expect(failure("unauthorized", [refused])).toMatchObject({ retry: false })
  })

  it("passes a Retry-After in seconds on, and no date", () => {
    const limited = (retryAfter: string) => failure("429", [{ method: "GET", url: at("app"), status: 429, retryAfter }])
    expect(limited("17").retryAfterSeconds).toBe(17)
    expect(limited("Wed, 21 Oct 2015 07:28:00 GMT").retryAfterSeconds).toBeUndefined()
    expect(limited("-1").retryAfterSeconds).toBeUndefined()
  })
})

describe("repositoryOf", () => {
  it("reads host and repository of requests to registries, and of no others", () => {
    expect(repositoryOf(at("team/app", "blobs/uploads/7"))).toBe("registry.example/team/app")
    expect(repositoryOf(at("team/manifests/app", "tags/list"))).toBe("registry.example/team/manifests/app")
    expect(repositoryOf("https://registry.example/v2/")).toBeUndefined()
    expect(repositoryOf("https://auth.example/token")).toBeUndefined()
  })
})
