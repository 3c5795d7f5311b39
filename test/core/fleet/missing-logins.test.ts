// Registries without a login: told together, before any work.
import { describe, expect, it } from "vitest"
import { requireLogins } from "../../../core/fleet/config/missing-logins.js"
import { parseFleet } from "../../../core/fleet/config/parse-fleet.js"

const fleet = parseFleet(`version: 1
registries: [{ name: docker.io, anonymous: true }, { name: b.example }]
mirrors:
  - { source: docker.io/library/x, target: a.example/x }
  - { source: b.example/y, target: a.example/team/y }
  - { source: c.example/z, target: a.example/z }
`)
const login =
  (...names: string[]) =>
  ({ registry, repository }: { registry: string; repository: string }) =>
    Promise.resolve(names.some((name) => `${registry}/${repository}`.startsWith(name)))

describe("requireLogins", () => {
  it("tells every registry at once, with the repositories that lack one", async () => {
    await expect(requireLogins(fleet, login("a.example/team"))).rejects.toThrow(
      "[CREDENTIALS_INVALID] there is no login for a.example (x, z); b.example (y); c.example (z): pass with-registry-auth",
    )
  })
  it("is content with a login or the word that none is needed", async () => {
    await expect(requireLogins(fleet, login("a.example", "b.example", "c.example"))).resolves.toBeUndefined()
  })
})
