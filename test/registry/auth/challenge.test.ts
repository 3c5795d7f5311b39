import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { answerable, parseChallenges } from "../../../registry/auth/challenge.js"

const bearer = 'Bearer realm="https://auth.example/token",service="registry.example",scope="repository:a:pull,push"'

describe("parseChallenges", () => {
  it("reads one challenge with its quoted parameters", () => {
    expect(parseChallenges([bearer])).toEqual([
      {
        scheme: "bearer",
        parameters: {
          realm: "https://auth.example/token",
          service: "registry.example",
          scope: "repository:a:pull,push",
        },
      },
    ])
  })

  it.each([
    [["Negotiate", 'Basic realm="registry"']],
    [['Negotiate, Basic realm="registry"']],
    [['Negotiate YWJj==, Basic realm="registry"']],
    [['Digest realm="a", nonce="b, c=\\"d\\"", qop=auth , Basic realm="registry"']],
    [[' , Basic   realm = "registry"  ,']],
  ])("finds Basic in %j", (headers) => {
    expect(parseChallenges(headers)).toContainEqual({ scheme: "basic", parameters: { realm: "registry" } })
  })

  it("tells two challenges of one header apart", () => {
    expect(parseChallenges([`Basic realm="registry", ${bearer}`]).map(({ scheme }) => scheme)).toEqual([
      "basic",
      "bearer",
    ])
  })

  it("takes the first of two parameters of one name, and none for a prototype", () => {
    const [challenge] = parseChallenges(['Basic realm="a", REALM="b", __proto__="c"'])
    expect(challenge?.parameters["realm"]).toBe("a")
    expect(Object.getPrototypeOf(challenge?.parameters)).toBeNull()
  })

  it("ends on any text, at once", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary-ascii", maxLength: 2000 }), (text) => {
        expect(parseChallenges([text]).length).toBeLessThanOrEqual(2001)
      }),
    )
    const started = performance.now()
    for (const hostile of [
      `Basic ${'a="'.repeat(2000)}`,
      `${"a ".repeat(4000)}`,
      `${"\\".repeat(8000)}`,
      ",".repeat(8000),
    ])
      parseChallenges([hostile])
    expect(performance.now() - started).toBeLessThan(1000)
  })
})

describe("answerable", () => {
  it("takes a Bearer challenge with a realm, also behind those that nobody here can answer", () => {
    expect(answerable(parseChallenges(["Negotiate", "Bearer error=invalid_token", bearer]))).toEqual({
      bearer: {
        realm: "https://auth.example/token",
        service: "registry.example",
        scope: "repository:a:pull,push",
      },
      basic: false,
    })
  })

  it.each(["file:///etc/passwd", "javascript:alert(1)", "no url", ""])("does not go to the realm %j", (realm) => {
    expect(answerable(parseChallenges([`Bearer realm="${realm}"`]))).toEqual({ basic: false })
  })
})
