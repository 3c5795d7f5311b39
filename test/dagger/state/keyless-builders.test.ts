// Which services sign, and whose identities are ours, as arguments say it.
import { type Secret } from "@dagger.io/dagger"
import { describe, expect, it } from "vitest"
import { emptyState } from "../../../dagger/state/builders.js"
import { addTrustedIdentity, publicKeyless, setKeyless } from "../../../dagger/state/keyless-builders.js"
import { newState } from "../../../dagger/state/new-state.js"
import { readConfig, type State } from "../../../dagger/state/state.js"
import { setSigningKey } from "../../../dagger/state/trust-builders.js"
import { expectCode } from "../../core/oci/fixture.js"

const secret = (name: string) => ({ name }) as unknown as Secret
const token = secret("token")
const keyless = (given: Partial<typeof publicKeyless> = {}) =>
  readConfig(setKeyless(emptyState, token, { ...publicKeyless, ...given })).keyless

describe("keyless signing", () => {
  it("is by Sigstore's public instance when no URL is given", () => {
    expect(keyless()).toEqual({
      token: 0,
      isPublic: true,
      fulcioUrl: "https://fulcio.sigstore.dev",
      rekorUrl: "https://rekor.sigstore.dev",
      rekorVersion: 1,
      timestampUrl: "https://timestamp.sigstore.dev/api/v1/timestamp",
    })
  })

  it("uses nothing of the public instance as soon as one URL is given", () => {
    const fulcioUrl = "https://fulcio.example/"
    expect(keyless({ fulcioUrl, timestampUrl: "https://tsa.example/stamp" })).toEqual({
      token: 0,
      isPublic: false,
      fulcioUrl: "https://fulcio.example",
      rekorVersion: 1,
      timestampUrl: "https://tsa.example/stamp",
    })
    expect(keyless({ fulcioUrl, rekorUrl: "https://rekor.example" })).not.toHaveProperty("timestampUrl")
  })

  it.each<[string, Partial<typeof publicKeyless>, RegExp]>([
    ["no certificate authority", { rekorUrl: "https://rekor.example" }, /needs fulcio-url/],
    ["nobody who says when", { fulcioUrl: "https://f.example" }, /nothing would say when/],
    [
      "a log that says no time",
      { fulcioUrl: "https://f.example", rekorUrl: "https://r.example", rekorVersion: 2 },
      /nothing would say when/,
    ],
    ["a log of another version", { rekorVersion: 3 }, /rekor-version is 3/],
    ["a token in the clear", { fulcioUrl: "http://f.example", timestampUrl: "https://t.example" }, /over https only/],
    ["no URL", { fulcioUrl: "fulcio", timestampUrl: "https://t.example" }, /not a URL/],
    [
      "a password in a URL",
      { fulcioUrl: "https://me:pw@f.example", timestampUrl: "https://t.example" },
      /without user/,
    ],
  ])("is refused: %s", (_name, given, message) => {
    expectCode(() => keyless(given), "ARGUMENT_INVALID", message)
  })

  it("and signing by a key replace each other: the last one given counts", () => {
    const both = setKeyless(setSigningKey(emptyState, secret("key"), undefined), token, publicKeyless)
    expect(readConfig(both)).not.toHaveProperty("signingKey")
    const back = setSigningKey(both, secret("key"), undefined)
    expect(readConfig(back)).not.toHaveProperty("keyless")
    expect(readConfig(back).signingKey).toEqual({ secret: 2 })
  })

  it("and a key are not both arguments of the constructor", () => {
    const none = {
      dockerConfig: undefined,
      registry: "",
      registryService: undefined,
      username: "",
      password: undefined,
      policy: undefined,
    }
    const texts = { severity: "", exceptions: "", trivyDatabase: "", plain: false }
    const rest = {
      signingKeyPassword: undefined,
      trustedKey: undefined,
      databaseDirectory: undefined,
      toolbox: undefined,
    }
    const args = { ...none, ...texts, ...rest, identityToken: token }
    expect(readConfig(newState({ ...args, signingKey: undefined })).keyless?.isPublic).toBe(true)
    expectCode(() => newState({ ...args, signingKey: secret("key") }), "ARGUMENT_INVALID", /one of the two/)
  })

  it("keeps the token as a secret, never as text of the state", () => {
    const state = setKeyless(emptyState, token, publicKeyless)
    expect(state.secrets).toEqual([token])
    expect(JSON.parse(state.config)).toMatchObject({ keyless: { token: 0 } })
  })
})

describe("a trusted identity", () => {
  const issuer = "https://token.actions.githubusercontent.com"
  const subject = "https://github.com/acme/ci/.github/workflows/promote.yml@refs/heads/main"
  const added = (state: State) => readConfig(state).trustedIdentities

  it("is ours without a publisher, and the publisher's with one; each is added", () => {
    const ours = addTrustedIdentity(emptyState, issuer, subject, "")
    expect(added(ours)).toEqual([{ issuer, subject, publisher: "" }])
    const both = addTrustedIdentity(
      ours,
      "https://gitlab.com",
      "https://gitlab.com/acme/ci//p.yml@refs/heads/main",
      "acme",
    )
    expect(added(both)?.map(({ publisher }) => publisher)).toEqual(["", "acme"])
  })

  it.each<[string, string, string, string, RegExp]>([
    ["no issuer", "", subject, "", /issuer/],
    ["an issuer that is no URI", "github", subject, "", /issuer .*expected a URI/],
    ["an issuer with a blank", "https://a b", subject, "", /issuer/],
    ["no subject", issuer, " ", "", /subject must not be empty/],
    ["a blank publisher", issuer, subject, " ", /publisher/],
  ])("is refused: %s", (_name, by, who, publisher, message) => {
    expectCode(() => addTrustedIdentity(emptyState, by, who, publisher), "ARGUMENT_INVALID", message)
  })
})
