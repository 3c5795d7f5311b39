import { describe, expect, it } from "vitest"
import { parseJson } from "../../../core/oci/json.js"
import { expectCode } from "./fixture.js"

const bounds = { code: "MANIFEST_INVALID", what: "the document", maxBytes: 1_000_000, maxDepth: 10 } as const

describe("parseJson", () => {
  it("reads JSON from text and from bytes", () => {
    expect(parseJson('{"a":[1,"}]{["]}', bounds)).toEqual({ a: [1, "}]{["] })
    expect(parseJson(Buffer.from('"ü\\""'), bounds)).toBe('ü"')
  })

  it("refuses a million open brackets without exhausting the stack", () => {
    expectCode(() => parseJson("[".repeat(900_000), bounds), "LIMIT_EXCEEDED", "nested deeper than 10")
    expectCode(() => parseJson('{"a":'.repeat(100_000), bounds), "LIMIT_EXCEEDED", "nested deeper than 10")
  })

  it("does not count brackets within strings", () => {
    expect(parseJson(JSON.stringify("[{".repeat(500)), bounds)).toHaveLength(1000)
    expect(parseJson(String.raw`["\"[[[[[[[[[[[[[["]`, bounds)).toEqual(['"[[[[[[[[[[[[[['])
  })

  it.each(['{"__proto__":{"x":1}}', '{"a":{"__proto__" : 1}}', String.raw`{"\u005f\u005fproto__":1}`])(
    "refuses the prototype key in %s",
    (text) => {
      expectCode(() => parseJson(text, bounds), "MANIFEST_INVALID", "__proto__")
    },
  )

  it("allows __proto__ as a value", () => {
    expect(parseJson('{"name":"__proto__"}', bounds)).toEqual({ name: "__proto__" })
  })

  it.each(["", "{", '{"a":1}x', "\ufeff{}", "'a'", '"open', "]", '{"__proto__'])("refuses %j", (text) => {
    expectCode(() => parseJson(text, bounds), "MANIFEST_INVALID", "the document is not JSON")
  })

  it("refuses what is too large or not UTF-8", () => {
    expectCode(() => parseJson("ü".repeat(500_001), bounds), "LIMIT_EXCEEDED", "has 1000002 bytes")
    expectCode(() => parseJson(Uint8Array.of(0x22, 0xff, 0x22), bounds), "MANIFEST_INVALID", "not UTF-8")
  })
})
