// Whose key is it when several publishers name it, and which keys are ours?
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { emptyTrust, identityName, ownTrust, trustStore } from "../../../core/attestation/trust-store.js"

const key = (publisher: string, fingerprint: string) => ({ publisher, fingerprint, pem: fingerprint })
const identity = (publisher: string, subject: string) => ({ publisher, issuer: "https://issuer.example", subject })

describe("a trust store", () => {
  const keys = [key("zoo", "1"), key("acme", "1"), key("acme", "2"), key("", "2"), key("", "3")]
  const identities = [
    identity("zoo", "a@example.com"),
    identity("acme", "a@example.com"),
    identity("", "b@example.com"),
  ]

  it("gives each key and identity to the first publisher by name, whatever the order", () => {
    const orders = fc.tuple(
      fc.shuffledSubarray(keys, { minLength: keys.length }),
      fc.shuffledSubarray(identities, { minLength: identities.length }),
    )
    fc.assert(
      fc.property(orders, ([someKeys, someIdentities]) => {
        const store = trustStore({ keys: someKeys, identities: someIdentities })
        expect(store.keys).toEqual([key("", "2"), key("", "3"), key("acme", "1")])
        expect(store.identities).toEqual([identity("", "b@example.com"), identity("acme", "a@example.com")])
      }),
    )
  })

  it("tells what is ours, and takes nobody else for us", () => {
    const own = ownTrust(trustStore({ keys, identities }))
    expect(own).toEqual({ keys: [key("", "2"), key("", "3")], identities: [identity("", "b@example.com")] })
    expect(ownTrust(trustStore({ keys: [key("acme", "1")] }))).toEqual(emptyTrust)
  })

  it("names an identity by issuer and subject", () => {
    expect(identityName(identity("acme", "a@example.com"))).toBe("https://issuer.example a@example.com")
  })
})
