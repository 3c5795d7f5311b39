import { describe, expect, it } from "vitest"
import { retryAfterSeconds } from "../../../registry/http/retry-after.js"

const now = Date.parse("2026-01-02T03:04:05Z")

describe("retryAfterSeconds", () => {
  it.each([
    ["17", 17],
    [" 0 ", 0],
    ["Fri, 02 Jan 2026 03:04:35 GMT", 30],
    ["Fri, 02 Jan 2026 03:04:00 GMT", 0],
    ["-1", undefined],
    ["1.5", undefined],
    ["soon", undefined],
    ["", undefined],
    ["9999999999", undefined],
  ])("%j is %j", (header, expected) => {
    expect(retryAfterSeconds(header, undefined, now)).toBe(expected)
  })

  it("counts a date from the answer's own, whatever our clock says", () => {
    const wrongByADay = now + 86_400_000
    const [until, sent] = ["Fri, 02 Jan 2026 03:04:35 GMT", "Fri, 02 Jan 2026 03:04:05 GMT"]
    expect(retryAfterSeconds(until, sent, wrongByADay)).toBe(30)
    expect(retryAfterSeconds(until, "no date", wrongByADay)).toBe(0)
  })

  it("is nothing without a header", () => {
    expect(retryAfterSeconds(undefined)).toBeUndefined()
  })
})
