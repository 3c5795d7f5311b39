import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { canonicalJson, sortedKeys } from "../../../core/findings/canonical-json.js"

describe("canonicalJson", () => {
  it("writes the example of RFC 8785, section 3.2.2", () => {
    const value = {
      // eslint-disable-next-line no-loss-of-precision -- as the RFC has it
      numbers: [333333333.33333329, 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
      string: "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"/",
      literals: [null, true, false],
    }
    expect(canonicalJson(value)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],' +
        '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    )
  })

  it("orders keys by UTF-16 code units", () => {
    expect(canonicalJson({ "\u20ac": 1, "\r": 2, "1": 3, "\ud83d\ude00": 4, "\ufb33": 5 })).toBe(
      '{"\\r":2,"1":3,"€":1,"😀":4,"\ufb33":5}',
    )
  })

  it("drops keys without a value", () => {
    expect(canonicalJson({ b: undefined, a: 1 })).toBe('{"a":1}')
  })

  it("refuses numbers that JSON does not have", () => {
    expect(() => canonicalJson({ a: NaN })).toThrow("JSON has no number NaN")
  })

  it("is the same for every order of keys, and loses nothing", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const reversed = Object.fromEntries(Object.entries(value).reverse())
        expect(canonicalJson(reversed)).toBe(canonicalJson(value))
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)))
      }),
    )
  })
})

describe("sortedKeys", () => {
  it("gives the value that canonical JSON is read as, key by key", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        expect(JSON.stringify(sortedKeys(value))).toBe(JSON.stringify(JSON.parse(canonicalJson(value))))
      }),
    )
  })

  it("drops and refuses what canonical JSON does", () => {
    expect(JSON.stringify(sortedKeys({ b: [{ d: undefined, c: 1 }], a: undefined }))).toBe('{"b":[{"c":1}]}')
    expect(() => sortedKeys({ a: [Infinity] })).toThrow("JSON has no number Infinity")
  })
})
