// Logins and certificates: the right one for each side, and never in sight.
import { describe, expect, it } from "vitest"
import { mirror } from "../../core/acquire/mirror.js"
import { parseReference } from "../../core/oci/reference.js"
import { anImage } from "../support/build-image.js"
import { loggedIn as withToken } from "../support/logged-in.js"
import { pushImage } from "../support/push-image.js"
import { type RegistryOptions, startRegistry, type TestRegistry } from "../support/registry.js"
import { unseen } from "../support/unseen.js"
import { aContext, aRepository, fourAttempts, kinds, MirrorWorld, mirrorWorld } from "./mirror-world.js"

const image = anImage({ platforms: ["linux/amd64", "linux/arm64"], layers: ["a", "b"], sbom: "cyclonedx" })
const users = { reader: "read-secret", writer: "write-secret" }

/** The registry with a token for direct pushes by a user. */
const loggedIn = (registry: TestRegistry, repository: string, user: keyof typeof users = "writer") =>
  withToken(registry, repository, user, users[user])

async function withRegistry(
  kind: "api" | "distribution",
  options: RegistryOptions,
  use: (registry: TestRegistry) => Promise<void>,
): Promise<void> {
  const registry = await startRegistry(kind, options)
  try {
    await use(registry)
  } finally {
    await registry.stop()
  }
}

describe.each(kinds)("a registry %s with logins", (kind) => {
  const allow = ["reader:from/*:pull,push", "writer:to/*:pull,push"]

  it("gets the login of each path, and never the other one's", async () => {
    await withRegistry(kind, { users, allow }, async (registry) => {
      await pushImage(await loggedIn(registry, "from/app", "reader"), "from/app", "1", image)
      await registry.resetRequests()
      const credentials = [
        { address: `${registry.address}/from`, username: "reader", password: users.reader },
        { address: `${registry.address}/to`, username: "writer", password: users.writer },
      ]
      const client = new MirrorWorld().client({ access: { credentials } })
      const request = {
        source: parseReference(`${registry.address}/from/app:1`),
        target: parseReference(`${registry.address}/to/app:1`),
        ...{
          force: false,
          referrers: true,
          history: true,
          provenance: true,
          platforms: [],
          newDigest: false,
          dryRun: false,
          sourceAuthenticated: true,
        },
      }
      const result = await mirror({ registry: client, step: unseen, ...aContext }, request)
      expect(result).toMatchObject({ copied: true, digest: image.digest })
      expect(result.requests.token).toBeGreaterThan(0)
      const answers = await registry.requests()
      expect(answers.filter(({ status }) => status === 403)).toEqual([])
      expect(JSON.stringify([result, answers])).not.toMatch(/read-secret|write-secret/)
    })
  })

  it.each(["reader", "nobody"])("refuses %s, and says what to pass", async (username) => {
    await withRegistry(kind, { users, allow }, async (registry) => {
      const credentials = [{ address: registry.address, username, password: users.reader }]
      const retry = fourAttempts()
      const client = new MirrorWorld().client({ access: { credentials }, retry })
      const error = (await client
        .tags(parseReference(`${registry.address}/to/app`))
        .catch((reason: Error) => reason)) as Error
      expect(error.message).toMatch(
        /^\[REGISTRY_UNAUTHORIZED\] list the tags of .*\/to\/app failed: .*pass credentials/,
      )
      expect(error.message).not.toMatch(/read-secret|cmVhZGVy/)
      expect(retry.slept).toEqual([])
    })
  })

  it("is asked for new tokens when they expire during a copy", { timeout: 120_000 }, async () => {
    const options = { users, tokenSeconds: 1, latencyMilliseconds: 120 }
    await withRegistry(kind, options, async (registry) => {
      const layers = Array.from({ length: 12 }, (_, i) => `layer ${i}`)
      const large = anImage({ platforms: ["linux/amd64", "linux/arm64"], layers, sbom: "cyclonedx" })
      const world = new MirrorWorld()
      world.target = registry
      world.source = await startRegistry("api")
      try {
        const repository = aRepository()
        await pushImage(world.source.url, repository, "1", large)
        const credentials = [{ address: registry.address, username: "writer", password: users.writer }]
        const result = await world.mirror(repository, { access: { credentials }, retry: fourAttempts() })
        expect(result).toMatchObject({
          copied: true,
          digest: large.digest,
          referrers: { source: 2, target: 2, missing: [] },
        })
      } finally {
        await world.source.stop()
      }
    })
  })

  it("is reached over TLS with its CA, and without says which argument is missing", async () => {
    await withRegistry(kind, { tlsNames: ["127.0.0.1"] }, async (registry) => {
      const world = new MirrorWorld()
      const certificates = { [registry.address]: registry.certificate ?? "" }
      const reference = parseReference(`${registry.address}/team/app:1`)
      expect(await world.client({ access: { certificates } }).resolve(reference)).toBeUndefined()
      const other = { [registry.address]: "/etc/ssl/certs/ca-certificates.crt" }
      const retry = fourAttempts()
      await expect(world.client({ access: { certificates: other }, retry }).resolve(reference)).rejects.toThrow(
        /^\[REGISTRY_UNREACHABLE\] .*not trusted: pass its CA by with-certificate/,
      )
      expect(retry.slept).toEqual([])
    })
  })
})

describe("a registry that speaks plain HTTP", () => {
  const world = mirrorWorld("api", "api")

  it("is told apart from one that is not there", async () => {
    const certificates = { [world.source.address]: "/etc/ssl/certs/ca-certificates.crt" }
    await expect(
      world.client({ access: { certificates } }).resolve(parseReference(`${world.source.address}/app:1`)),
    ).rejects.toThrow(/^\[REGISTRY_UNREACHABLE\] .*speaks plain HTTP: bind it by with-registry-service/)
  })
})
