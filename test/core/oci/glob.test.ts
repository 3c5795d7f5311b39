// What can go wrong: a name that somebody else chose makes a glob backtrack until the job's time is over.
import fc from "fast-check"
import picomatch from "picomatch"
import { describe, expect, it } from "vitest"
import { compileGlob, MAX_GLOB_ALTERNATIVES } from "../../../core/oci/glob.js"
import { selectTags } from "../../../core/oci/tags.js"
import { matchesImage } from "../../../core/policy/exceptions/image-glob.js"

const matches = (glob: string, name: string) => compileGlob(glob)?.(name)
const millisecondsOf = (work: () => void) => {
  const start = performance.now()
  work()
  return performance.now() - start
}

describe("compileGlob", () => {
  it.each<[string, string, boolean]>([
    ["3.*", "3.14", true],
    ["3.*", "13.14", false],
    ["*", "", true],
    ["?.14", "3.14", true],
    ["?.14", ".14", false],
    ["3.1[34]-*", "3.13-slim", true],
    ["3.1[3-4]", "3.15", false],
    ["3.1[", "3.1[", true],
    ["{3,4}.*", "4.1", true],
    ["{3.{1,2}*,latest}", "3.2-slim", true],
    ["{3.{1,2}*,latest}", "3.3", false],
    ["v{1..3}", "v2", true],
    ["\\*", "*", true],
    ["\\*", "a", false],
    ["a*", "a/b", false],
    ["a/**", "a", true],
    ["a/**", "a/b/c", true],
    ["a/**/z", "a/z", true],
    ["a/**/z", "a/b/c/z", true],
    ["**/z", "a/b/z", true],
    ["a**", "ab/c", false],
    ["**a**", "a", true],
  ])("takes %s over %s for %s", (glob, name, expected) => {
    expect(matches(glob, name)).toBe(expected)
  })

  // But for one thing: to picomatch `a/**` is also `a`, and `a*/**` is not.
  it("agrees with picomatch", () => {
    const part = fc.constantFrom("a", "b", "-", ".", "*", "?", "[ab]", "[a-c]", "{a,b*}", "**", "/", "/**/")
    const glob = fc
      .array(part, { minLength: 1, maxLength: 7 })
      .map((parts) => `a${parts.join("")}`)
      .filter((text) => !/\/\/|\/$|\/[.{]|\*{3}|\*\{|\*\*[^/]|[^/]\*\*|[*}]\/\*\*/.test(text))
    const name = fc
      .array(fc.constantFrom("a", "b", "c", "-", "/a"), { maxLength: 8 })
      .map((parts) => `a${parts.join("")}`)
    const options = { noextglob: true, nonegate: true, dot: true, strictBrackets: false }
    fc.assert(
      fc.property(glob, name, (one, text) => {
        expect([one, text, matches(one, text)]).toEqual([one, text, picomatch.isMatch(text, one, options)])
      }),
      { numRuns: 2000 },
    )
  })

  it("refuses braces that multiply, without writing out what they stand for", () => {
    expect(compileGlob("{a,b}".repeat(8))).toBeDefined()
    expect(compileGlob("{a,b}".repeat(9))).toBeUndefined()
    expect(compileGlob("{1..9}{1..9}{1..9}{1..9}{1..9}{1..9}{1..9}{1..9}")).toBeUndefined()
    expect(compileGlob(`{1..${MAX_GLOB_ALTERNATIVES}}`)).toBeDefined()
    expect(() => selectTags(["a"], { glob: ["{a,b}".repeat(9)] })).toThrow(/\[ARGUMENT_INVALID\].*alternatives/)
  })
})

describe("a glob of many stars", () => {
  const tags = Array.from({ length: 20 }, (_, at) => `${"a".repeat(126)}${10 + at}`)

  it("over tags takes time in proportion to their length", () => {
    expect(millisecondsOf(() => expect(selectTags(tags, { glob: ["*a*a*a*a*b"] })).toEqual([]))).toBeLessThan(200)
    const most = `${"*a".repeat(127)}b`
    expect(millisecondsOf(() => expect(selectTags(tags, { exclude: [most] })).toHaveLength(20))).toBeLessThan(500)
    expect(millisecondsOf(() => selectTags(tags, { glob: ["{*a*,*a*a*}{*a*,*a*b*}c"] }))).toBeLessThan(500)
  })

  it("over an image takes no longer", () => {
    const name = `registry.example.com/${"a".repeat(200)}`
    expect(millisecondsOf(() => expect(matchesImage(["**/*a*a*a*a*a*a*b"], name)).toBe(false))).toBeLessThan(200)
    const deep = `registry.example.com/${"a/".repeat(100)}a`
    const globs = ["**/a/**/a/**/a/**/a/**/b"]
    expect(millisecondsOf(() => expect(matchesImage(globs, deep)).toBe(false))).toBeLessThan(200)
  })
})
