// One document, one meaning: what two readers take in two ways is refused, and nothing else is.
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { CsscError } from "../../../core/errors.js"
import { foldKey } from "../../../core/oci/folded-keys.js"
import { parseJson } from "../../../core/oci/json.js"
import { expectCode } from "./fixture.js"

const bounds = { code: "STATEMENT_INVALID", what: "the document", maxBytes: 64 * 1024 * 1024, maxDepth: 50 } as const
const refused = (text: string | Uint8Array, message: string | RegExp, more = {}) =>
  expectCode(() => parseJson(text, { ...bounds, ...more }), "STATEMENT_INVALID", message)

describe("a key that stands twice", () => {
  it.each([
    ['{"a":1,"a":1}', '(document): the key "a" stands twice'],
    ['{"a":1,"b":{"c":[0,{"x":"}","d":2,"d":3}]}}', 'b.c[1]: the key "d" stands twice'],
    ['[[],{"k":"\\"k\\":"},{"k":{},"k":[]}]', '[2]: the key "k" stands twice'],
    [String.raw`{"platform":1,"\u0070latform":2}`, 'the key "platform" stands twice'],
    [String.raw`{"a\\":1,"a\\":2}`, String.raw`the key "a\\" stands twice`],
    ['{"":1,"":2}', 'the key "" stands twice'],
    ['{"1":1,"b":2, "1" :3}', 'the key "1" stands twice'],
    ['{"a":{"x":1},"a":{"x":1}}', '(document): the key "a" stands twice'],
  ])("is refused in %s", (text, message) => {
    refused(text, message)
  })

  it("may stand in two objects", () => {
    const text = '{"a":{"a":{"a":[{"a":1},{"a":1}]}},"b":{"a":":"}}'
    expect(parseJson(text, bounds)).toEqual(JSON.parse(text))
  })
})

describe("keys that are one to readers which ignore case", () => {
  it.each([
    ['{"manifests":[{"platform":1,"Platform":2}]}', 'manifests[0]: "platform" and "Platform" are one key'],
    ['{"payload":1,"PAYLOAD":2}', '"payload" and "PAYLOAD" are one key'],
    ['{"versions":1,"version\u017f":2}', "are one key"],
    ['{"bank":1,"ban\u212a":2}', "are one key"],
    [String.raw`{"components":1,"\u0043omponents":2}`, '"components" and "Components" are one key'],
    ['{"a":{"\u03c3":1,"\u03c2":2}}', "a: "],
    ['{"annotations":{"com.example.A":"1","com.example.a":"2"}}', "annotations: "],
  ])("are refused in %s", (text, message) => {
    refused(text, message)
  })

  it("may stand in two objects, and in maps that people name freely", () => {
    const text = '{"A":{"a":1},"b":[{"B":1}],"Labels":{"maintainer":"1","Maintainer":"2"}}'
    expect(parseJson(text, { ...bounds, freeMaps: new Set(["Labels"]) })).toEqual(JSON.parse(text))
    refused(text, "Labels: ")
    refused('{"Labels":{"a":{"x":1,"X":2}}}', "Labels.a: ", { freeMaps: new Set(["Labels"]) })
  })

  // All letters that have a case, each with each: what a regular expression without case takes for one letter.
  it("are folded at least as Unicode's simple folding does, which Go uses", () => {
    const cased = Array.from({ length: 0x1e944 }, (_, code) => code)
      .filter((code) => code < 0xd800 || code > 0xdfff)
      .map((code) => String.fromCodePoint(code))
      .filter((letter) => /\p{Changes_When_Casemapped}/u.test(letter))
    const all = cased.join("")
    for (const letter of cased)
      for (const [same] of all.matchAll(new RegExp(letter, "giu"))) expect(foldKey(same)).toBe(foldKey(letter))
  })
})

describe("text and numbers that readers take differently", () => {
  it.each([
    [String.raw`{"a":"\ud800"}`, "a: a text has half of a surrogate pair"],
    [String.raw`["\udc00\ud800"]`, "[0]: a text has half"],
    ['"\ud83d"', "half of a surrogate pair"],
    [String.raw`{"\ud800":1}`, "half of a surrogate pair"],
    [String.raw`{"a\u0000b":1}`, "U+0000"],
    [String.raw`["linux\u0000"]`, "[0]: a text has the character U+0000"],
    ["[9007199254740993]", "[0]: the number 9007199254740992"],
    ["[-9007199254740993]", "is not the same to all readers"],
    ["[1e400]", "Infinity"],
    ["[1e22]", "is not the same to all readers"],
    ['{"size":-0}', "size: the number -0"],
    ["[-0.0]", "the number -0"],
  ])("are refused: %s", (text, message) => {
    refused(text, message)
  })

  it.each(["1.0", "1e3", "[1,2E-1]", '{"size":5.5}'])("are refused where integers decide: %s", (text) => {
    refused(text, "fraction or an exponent", { onlyIntegers: true })
    expect(parseJson(text, bounds)).toEqual(JSON.parse(text))
  })

  it("are no trouble where they are plain", () => {
    const text = String.raw`{"e":"1.5e3 \ud83d\ude00 \u212a","n":[true,false,null,-1,9007199254740991]}`
    expect(parseJson(text, { ...bounds, onlyIntegers: true })).toEqual(JSON.parse(text))
  })

  it.each(["{}{}", "{} []", "\ufeff{}", "{}\u0000", "1 2"])("are refused around a document: %j", (text) => {
    refused(text, "is not JSON")
  })

  it("are refused where bytes are no UTF-8, which Go replaces", () => {
    refused(Buffer.from([0x7b, 0x22, 0xc3, 0x28, 0x22, 0x3a, 0x31, 0x7d]), "not UTF-8")
    refused(Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]), "not UTF-8")
  })
})

describe("any JSON", () => {
  const key = fc.oneof(fc.constantFrom("a", "b", "k", "s", '"', "\\", "é", "𝒜", ":{}"), fc.string({ unit: "grapheme" }))
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof({ maxDepth: 4 }, fc.string({ unit: "grapheme" }), fc.integer(), tie("list"), tie("object")),
    list: fc.array(tie("tree"), { maxLength: 4 }),
    object: fc.dictionary(key, tie("tree"), { maxKeys: 5 }),
  }))
  const space = fc.constantFrom(undefined, 1, "\t")

  it("reads as JSON.parse reads it, unless keys fold onto each other", () => {
    fc.assert(
      fc.property(tree, space, (value, indent) => {
        const text = JSON.stringify(value, null, indent)
        try {
          expect(parseJson(text, bounds)).toEqual(JSON.parse(text))
        } catch (error) {
          if (!(error instanceof CsscError)) throw error
          expect(error.reason).toMatch(/are one key|__proto__|U\+0000|number -0/)
        }
      }),
    )
  })

  it("is refused with any one of its members written twice", () => {
    fc.assert(
      fc.property(tree, fc.nat(), space, (value, pick, indent) => {
        const text = JSON.stringify({ root: value, end: 1 }, null, indent)
        const members = [...text.matchAll(/"(?:[^"\\]|\\.)*"(?=\s*:)/g)]
        const member = members[pick % members.length]
        if (member === undefined) return
        const twice = `${text.slice(0, member.index)}${member[0]}:[{"x":"]"}],${text.slice(member.index)}`
        // A string's text can look like a member; then the text is no JSON, or says something else, without a second key.
        let parsed: unknown
        try {
          parsed = JSON.parse(twice)
        } catch {
          return
        }
        expect(JSON.stringify(parsed).length).toBeGreaterThan(0)
        expect(() => parseJson(twice, bounds)).toThrow(CsscError)
      }),
    )
  })
})

describe("a large document", () => {
  const components = Array.from({ length: 20_000 }, (_, number) => ({
    ...{ type: "library", name: `pkg${number}`, version: `1.2.${number}`, "bom-ref": `ref-${number}` },
    purl: `pkg:npm/pkg${number}@1.2.${number}`,
    properties: [{ name: "aquasecurity:trivy:LayerDiffID", value: `sha256:${"a".repeat(64)}` }],
  }))
  const text = JSON.stringify({ bomFormat: "CycloneDX", components })
  const time = (run: () => unknown) => {
    const started = performance.now()
    run()
    return performance.now() - started
  }
  const best = (run: () => unknown) => Math.min(...[0, 1, 2].map(() => time(run)))

  it("is read in a few times of what JSON.parse needs alone", () => {
    const alone = best(() => JSON.parse(text) as unknown)
    expect(best(() => parseJson(text, bounds))).toBeLessThan(6 * alone + 200)
  })

  it("of many keys and many levels ends in time, whatever is wrong with it", () => {
    const keys = Array.from({ length: 60_000 }, (_, number) => `"k${number}":0`).join(",")
    expect(time(() => refused(`{${keys},"K7":1}`, '"k7" and "K7" are one key'))).toBeLessThan(5000)
    expect(time(() => refused(`{${keys},"k7":1}`, '"k7" stands twice'))).toBeLessThan(5000)
    expectCode(() => parseJson("[".repeat(20_000_000), bounds), "LIMIT_EXCEEDED", "nested deeper")
    refused(`"${"\\".repeat(1_000_001)}"`, "is not JSON")
  })
})
