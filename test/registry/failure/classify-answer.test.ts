import { describe, expect, it } from "vitest"
import { classifyRefusal, type Refusal, refusalError } from "../../../registry/failure/classify-answer.js"
import { parseOciError } from "../../../registry/failure/oci-error.js"

const at = (repository: string, rest = "manifests/1") => `https://registry.example/v2/${repository}/${rest}`

function refusal(status: number, code?: string, change: Partial<Refusal> = {}): Refusal {
  const error = code === undefined ? {} : { error: { code, message: "said so" } }
  return { method: "GET", url: at("app"), status, ...error, ...change }
}

/** A refused PUT of the tag 1. */
function pushed(repository: string, status: number, body: string): Refusal {
  return { method: "PUT", url: at(repository), status, error: parseOciError(body) }
}

const says = (message: string, code = "DENIED") => JSON.stringify({ errors: [{ code, message }] })

describe("classifyRefusal", () => {
  it.each([
    [429, undefined, "REGISTRY_RATE_LIMITED", true],
    [403, "TOOMANYREQUESTS", "REGISTRY_RATE_LIMITED", true],
    [500, undefined, "REGISTRY_UNAVAILABLE", true],
    [502, undefined, "REGISTRY_UNAVAILABLE", true],
    [503, "DENIED", "REGISTRY_UNAVAILABLE", true],
    [408, undefined, "REGISTRY_UNAVAILABLE", true],
    [501, undefined, "REGISTRY_REFUSED", false],
    [401, undefined, "REGISTRY_UNAUTHORIZED", false],
    [403, undefined, "REGISTRY_UNAUTHORIZED", false],
    [400, "UNAUTHORIZED", "REGISTRY_UNAUTHORIZED", false],
    [404, undefined, "REGISTRY_NOT_FOUND", false],
    [404, "NAME_UNKNOWN", "REGISTRY_NOT_FOUND", false],
    [404, "DENIED", "REGISTRY_UNAUTHORIZED", false],
    [400, "DIGEST_INVALID", "DIGEST_MISMATCH", false],
    [400, "SIZE_INVALID", "DIGEST_MISMATCH", false],
    [413, undefined, "LIMIT_EXCEEDED", false],
    [405, "UNSUPPORTED", "REGISTRY_REFUSED", false],
    [415, undefined, "REGISTRY_REFUSED", false],
    [400, "NEVER_HEARD_OF", "REGISTRY_REFUSED", false],
    [409, undefined, "REGISTRY_REFUSED", false],
  ])("%s %s is %s (retried: %s)", (status, code, expected, retry) => {
    expect(classifyRefusal(refusal(status, code))).toMatchObject({ code: expected, retry })
  })

  it("a deletion that the registry does not have is told apart from one that it refuses", () => {
    const deleted = (status: number, code?: string) => classifyRefusal({ ...refusal(status, code), method: "DELETE" })
    expect([deleted(405), deleted(400, "UNSUPPORTED"), deleted(403)].map(({ code }) => code)).toEqual([
      "DELETION_UNSUPPORTED",
      "DELETION_UNSUPPORTED",
      "REGISTRY_UNAUTHORIZED",
    ])
  })

  it.each([
    [
      "Docker Hub",
      403,
      says(
        "requested access to the resource is denied - the tag is in use here and cannot be changed due to immutability settings",
      ),
    ],
    [
      "Amazon ECR",
      400,
      says(
        "The image tag '1' already exists in the 'app' repository and cannot be overwritten because the tag is immutable.",
        "TAG_INVALID",
      ),
    ],
    ["Harbor", 412, says("Failed to process request due to 'app:1' configured as immutable.", "PRECONDITION")],
    ["Harbor of old", 412, says("", "PRECONDITION")],
    ["Google", 400, says("cannot update tag 1. The repository has enabled tag immutability", "MANIFEST_INVALID")],
    [
      "Azure",
      405,
      says("The operation is disallowed on this registry, repository or image.", "REGISTRY_DISALLOWED_OPERATION"),
    ],
    ["a conflict", 409, ""],
    ["a code that tells", 400, says("no", "TAG_IMMUTABLE")],
  ])("is an immutable tag in the words of %s", (_, status, body) => {
    expect(classifyRefusal(pushed("app", status, body))).toMatchObject({ code: "TAG_IMMUTABLE", retry: false })
  })

  it.each([
    ["quarantine/immutable/app", says("requested access to quarantine/immutable/app is denied")],
    ["quarantine/immutable/app", says("access to project immutable is denied")],
    ["quarantine/immutable", says("repository quarantine/immutable: denied")],
    ["app", says("denied", "DENIED")],
  ])("is no immutable tag because of the name %s", (repository, body) => {
    expect(classifyRefusal(pushed(repository, 403, body))).toMatchObject({ code: "REGISTRY_UNAUTHORIZED" })
  })

  it("looks for words where a tag was to move, and nowhere else", () => {
    const body = says("it is immutable")
    for (const other of [
      { method: "HEAD", url: at("immutable/app") },
      { method: "POST", url: at("app", "blobs/uploads/") },
      { method: "PUT", url: at("app", `manifests/sha256:${"a".repeat(64)}`) },
      { method: "DELETE", url: at("app") },
    ])
      expect(classifyRefusal({ ...other, status: 403, error: parseOciError(body) })).toMatchObject({
        code: "REGISTRY_UNAUTHORIZED",
      })
    const missing = { method: "HEAD", url: at("quarantine/immutable/app"), status: 404 }
    expect(classifyRefusal(missing)).toMatchObject({ code: "REGISTRY_NOT_FOUND" })
  })
})

describe("refusalError", () => {
  it("tells the answer with its host, which is the side, and what to do", () => {
    const url = `${at("app", "blobs/uploads/")}?_state=secret`
    const error = refusalError("copy a to b", {
      method: "POST",
      url,
      status: 403,
      error: { code: "DENIED", message: "denied" },
    })
    expect(error.message).toBe(
      '[REGISTRY_UNAUTHORIZED] copy a to b failed: the registry does not let us in (POST registry.example/v2/app/blobs/uploads/ answered 403 DENIED "denied"); pass credentials for it by with-registry-auth or with-docker-config, and check that they may do this',
    )
  })

  it("shows no secret that the registry repeats, and keeps its words on one line", () => {
    const error = refusalError("read", {
      ...refusal(403),
      error: { code: "DE\nNIED", message: "hello hunter22\n::error::\u001b[31mx" },
      secrets: ["hunter22"],
    })
    expect(error.message).not.toMatch(/hunter22|\p{C}/u)
  })

  it("passes a Retry-After on, in seconds", () => {
    const limited = (retryAfter: string) => refusalError("read", refusal(429, undefined, { retryAfter }))
    expect(limited("17").retryAfterSeconds).toBe(17)
    expect(limited("Wed, 21 Oct 2015 07:28:00 GMT").retryAfterSeconds).toBe(0)
    expect(limited("-1").retryAfterSeconds).toBeUndefined()
  })
})

describe("parseOciError", () => {
  it("reads the first error that has a code, and token servers' answers", () => {
    expect(parseOciError('{"errors":[{"message":"a"},{"code":"denied","message":"b"}]}')).toEqual({
      code: "DENIED",
      message: "b",
    })
    expect(parseOciError('{"details":"incorrect username or password"}')).toEqual({
      message: "incorrect username or password",
    })
    expect(parseOciError('{"error":"invalid_grant","error_description":"gone"}')).toEqual({ message: "gone" })
  })

  it.each(["", "<html>", "[]", "7", '{"errors":[]}', '{"errors":{}}', '{"errors":[{"code":7}]}'])(
    "finds nothing in %j",
    (body) => {
      expect(parseOciError(body)).toBeUndefined()
    },
  )
})
