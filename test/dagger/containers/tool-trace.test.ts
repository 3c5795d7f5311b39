import { describe, expect, it } from "vitest"
import { errorLines, readTrace } from "../../../dagger/containers/tool-trace.js"

describe("readTrace", () => {
  it("pairs answers with requests that overlap", () => {
    const trace = [
      "> #0",
      '> Request URL: "http://a/v2/x/manifests/1"',
      '> Request method: "GET"',
      "> #1",
      '> Request URL: "http://b/v2/y/manifests/1"',
      '> Request method: "PUT"',
      "< #1",
      '< Response Status: "429 Too Many Requests"',
      '   "Retry-After": "7"',
      '{"errors":[{"code":"TOOMANYREQUESTS"}]}',
      "< #0",
      '< Response Status: "200 OK"',
    ]
    expect(readTrace(trace.join("\n"))).toEqual([
      { method: "GET", url: "http://a/v2/x/manifests/1", status: 200 },
      {
        method: "PUT",
        url: "http://b/v2/y/manifests/1",
        status: 429,
        retryAfter: "7",
        error: '{"errors":[{"code":"TOOMANYREQUESTS"}]}',
      },
    ])
  })
})

describe("errorLines", () => {
  it("leaves the queries of URLs out, which may be signed", () => {
    expect(errorLines('Error: Get "https://cdn.example/blob?X-Amz-Signature=secret": EOF')).toBe(
      'Error: Get "https://cdn.example/blob": EOF',
    )
  })

  it("tells each thing once, and the trace's errors only when nothing else is said", () => {
    expect(errorLines("Error in getting response: EOF\nError: gone\nError: gone")).toBe("Error: gone")
    expect(errorLines("Error in getting response: EOF")).toBe("Error in getting response: EOF")
  })
})
