// What oras 1.3.3 and crane 0.22.1 print when a registry refuses, as they printed it.
import { describe, expect, it } from "vitest"
import { readToolError } from "../../../dagger/containers/tool-error.js"

describe("readToolError", () => {
  it("reads method, URL and status of an answer without an error document", () => {
    const url = "http://127.0.0.1:5000/v2/app/blobs/uploads/"
    expect(
      readToolError(
        `Error from destination registry for "127.0.0.1:5000/app:1": POST "${url}": response status code 403: Forbidden\n`,
      ),
    ).toEqual({
      line: `POST "${url}": response status code 403: Forbidden`,
      side: "destination",
      answer: { method: "POST", url, status: 403 },
    })
  })

  it("reads the code of an error document, and which end answered it", () => {
    expect(readToolError('Error from source registry for "a.example/b:1": toomanyrequests: slow down')).toEqual({
      line: "toomanyrequests: slow down",
      side: "source",
      error: { code: "TOOMANYREQUESTS", message: "slow down" },
    })
    expect(readToolError("Error response from registry: name unknown: no such repository")).toMatchObject({
      error: { code: "NAME_UNKNOWN", message: "no such repository" },
    })
    const both = 'Error: PUT "https://a.example/v2/b/manifests/1": response status code 400: manifest invalid: bad'
    expect(readToolError(both)).toMatchObject({
      answer: { method: "PUT", status: 400 },
      error: { code: "MANIFEST_INVALID", message: "bad" },
    })
  })

  it("reads what did not get an answer, and what was not found", () => {
    expect(
      readToolError('Error from destination registry for "a.example/b:1": Put "https://a.example/v2/b/x": EOF'),
    ).toMatchObject({ unanswered: { method: "PUT", url: "https://a.example/v2/b/x" } })
    const digest = `sha256:${"a".repeat(64)}`
    expect(readToolError(`Error from source registry for "a.example/b:1": ${digest}: not found`)).toMatchObject({
      side: "source",
      missing: digest,
    })
  })

  it("reads crane's words", () => {
    const url = "http://127.0.0.1:5000/v2/app/blobs/sha256:aa"
    expect(
      readToolError(`Error: validating: GET ${url}: unexpected status code 503 Service Unavailable`),
    ).toMatchObject({
      answer: { method: "GET", url, status: 503 },
    })
    expect(readToolError(`Error: GET ${url}: BLOB_UNKNOWN: unknown blob`)).toMatchObject({
      error: { code: "BLOB_UNKNOWN" },
    })
    expect(readToolError("Error: validating children: layer does not exist")).toEqual({
      line: "validating children: layer does not exist",
    })
  })

  it("takes no word of a name or of prose for an answer", () => {
    expect(readToolError("Error response from registry: 127.0.0.1:5000/quarantine/immutable/app:1: not found")).toEqual(
      {
        line: "127.0.0.1:5000/quarantine/immutable/app:1: not found",
      },
    )
    expect(readToolError("Error: unknown flag: --unauthorized")).toEqual({ line: "unknown flag: --unauthorized" })
    expect(readToolError("Error: denied-page: unauthorized things happened")).toEqual({
      line: "denied-page: unauthorized things happened",
    })
  })

  it("leaves the queries of URLs out, which may be signed", () => {
    const { line } = readToolError('Error: Get "https://cdn.example/blob?X-Amz-Signature=secret": EOF')
    expect(line).toBe('Get "https://cdn.example/blob": EOF')
  })

  it("tells the last error, or the last line when there is none", () => {
    expect(readToolError("Error: first\nnoise\nError: gone\nUsage: x").line).toBe("gone")
    expect(readToolError("sh: oras: not found\n").line).toBe("sh: oras: not found")
    expect(readToolError("").line).toBe("")
  })
})
