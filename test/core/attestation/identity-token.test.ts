// A CI job's identity token, before it is sent: what no authority would take is refused, and nothing of it is ever quoted.
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { readIdentityToken } from "../../../core/attestation/identity-token.js"
import { CsscError } from "../../../core/errors.js"
import { expectCode } from "../oci/fixture.js"

const now = new Date("2026-11-26T07:00:00Z")
const seconds = now.getTime() / 1000
const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url")
const good = { iss: "https://token.ci.test", sub: "repo:acme/ci", aud: "sigstore", exp: seconds + 300 }
const aToken = (claims: object = {}) => `${part({ alg: "ES256" })}.${part({ ...good, ...claims })}.c2lnbmF0dXJl`
const read = (token: string, audience: string | undefined = "sigstore") => readIdentityToken(token, { now, audience })

describe("an identity token", () => {
  it("says who it is of, and until when", () => {
    const claims = { issuer: good.iss, subject: good.sub, expires: new Date((seconds + 300) * 1000) }
    expect(read(aToken())).toEqual(claims)
    expect(read(aToken({ aud: ["other", "sigstore"] }))).toEqual(claims)
  })

  it("may be for another audience where a private authority knows which", () => {
    const of = { now, audience: undefined }
    expect(readIdentityToken(aToken({ aud: "fulcio.example" }), of).subject).toBe(good.sub)
  })

  it.each<[string, string, RegExp]>([
    ["nothing", "", /it is empty/],
    ["text", "ghp_0123456789", /no signed JWT/],
    ["two parts", `${part({})}.${part(good)}`, /no signed JWT/],
    ["a token that nobody signed", `${part({ alg: "none" })}.${part(good)}.`, /no signed JWT/],
    ["four parts", `${aToken()}.x`, /no signed JWT/],
    ["a payload that is no JSON", `${part({})}.bm9pc2U.c2ln`, /claims are missing/],
    [
      "a payload with a claim twice",
      `${part({})}.${Buffer.from('{"iss":"a","iss":"b"}').toString("base64url")}.c2ln`,
      /claims/,
    ],
    ["no issuer", aToken({ iss: "" }), /claims are missing or of another kind: iss/],
    ["no subject", aToken({ sub: undefined }), /of another kind: sub/],
    ["an end that is a text", aToken({ exp: "tomorrow" }), /of another kind: exp/],
    ["an end beyond time", aToken({ exp: 9e15 }), /its exp is no time/],
    ["the end of its time", aToken({ exp: seconds }), /it expired at 2026-11-26T07:00:00.000Z/],
    [
      "another audience",
      aToken({ aud: "https://github.com/acme" }),
      /its audience is https:\/\/github.com\/acme: expected sigstore/,
    ],
    ["a part of the audience", aToken({ aud: "sigstore.evil" }), /expected sigstore/],
    ["megabytes", "a".repeat(1_000_000), /longer than 16384/],
  ])("is refused: %s", (_name, token, message) => {
    expectCode(() => read(token), "IDENTITY_TOKEN_INVALID", message)
  })

  it("is never quoted, whatever is wrong with it", () => {
    const claims = fc.record({ iss: fc.anything(), sub: fc.anything(), exp: fc.anything() }, { requiredKeys: [] })
    const secret = "c2VjcmV0LXNpZ25hdHVyZS1vZi10aGUtdG9rZW4"
    fc.assert(
      fc.property(claims, fc.boolean(), (odd, cut) => {
        const payload = part(odd)
        const token = `${part({ alg: "ES256" })}.${cut ? payload.slice(1) : payload}.${secret}`
        try {
          read(token)
        } catch (error) {
          if (!(error instanceof CsscError)) throw error
          expect(error.code).toBe("IDENTITY_TOKEN_INVALID")
          expect(error.message).not.toContain(secret)
          if (payload.length > 20) expect(error.message).not.toContain(payload)
        }
      }),
    )
  })
})
