import { execFile } from "node:child_process"
import { promisify } from "node:util"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { anImage } from "./build-image.js"
import { type HostTools, hostTools, imagesLayout, pushLayout } from "./parts.js"
import { pushImage, send } from "./push-image.js"
import { type RegistryKind, startRegistry, type TestRegistry } from "./registry.js"

const run = promisify(execFile)
const kinds: RegistryKind[] = ["api", "distribution"]

/** Digests by artifact type of what oras finds attached. */
async function attached(oras: string, reference: string, ...flags: string[]): Promise<string[]> {
  const { stdout } = await run(oras, ["discover", "--format", "json", "--depth", "1", ...flags, reference])
  const { referrers } = JSON.parse(stdout) as { referrers: { artifactType: string }[] }
  return referrers.map((referrer) => referrer.artifactType)
}

describe.each(kinds)("the test registry %s", (kind) => {
  let registry: TestRegistry
  let tools: HostTools
  beforeAll(async () => {
    tools = await hostTools()
    registry = await startRegistry(kind)
  })
  afterAll(() => registry.stop())

  it("takes a pushed image, whose referrers oras then finds", async () => {
    const image = anImage({
      platforms: ["linux/amd64", "linux/arm64/v8"],
      sbom: "cyclonedx",
      withoutSbom: ["linux/amd64"],
    })
    expect(await pushImage(registry.url, "made/app", "1", image)).toBe(image.digest)
    const { stdout } = await run(tools.crane, ["digest", "--insecure", `${registry.address}/made/app:1`])
    expect(stdout.trim()).toBe(image.digest)
    const found = image.platforms.map(({ manifest }) =>
      attached(tools.oras, `${registry.address}/made/app@${manifest.descriptor.digest}`, "--plain-http"),
    )
    expect(await Promise.all(found)).toEqual([[], ["application/vnd.in-toto+json"]])
  })

  it("holds an image of the layout with the referrers of index and platforms after pushLayout", async () => {
    const digest = await pushLayout(await imagesLayout(), "no-sbom", { registry, repository: "team/app" })
    const answer = await send(registry.url, "GET", `/v2/team/app/manifests/${digest}`)
    const { manifests } = (await answer.json()) as { manifests: { digest: string }[] }
    const found = [digest, ...manifests.map((platform) => platform.digest)].map((subject) =>
      attached(tools.oras, `${registry.address}/team/app@${subject}`, "--plain-http"),
    )
    const inToto = "application/vnd.in-toto+json"
    expect(await Promise.all(found)).toEqual([[inToto], [inToto], []])
  })

  it("lists requests by kind, and forgets them", async () => {
    await registry.resetRequests()
    await send(registry.url, "HEAD", "/v2/made/app/manifests/1")
    const requests = await registry.requests()
    expect(requests).toMatchObject([
      { method: "HEAD", kind: "manifest", path: "/v2/made/app/manifests/1", status: 200 },
    ])
    await registry.resetRequests()
    expect(await registry.requests()).toEqual([])
  })

  it("does wrong as asked, so many times, until cleared", async () => {
    await registry.fault({
      match: { pathRegex: "/tags/list$" },
      status: 429,
      headers: { "Retry-After": "1" },
      times: 1,
    })
    const statuses = [
      (await send(registry.url, "GET", "/v2/made/app/tags/list")).status,
      (await send(registry.url, "GET", "/v2/made/app/tags/list")).status,
    ]
    expect(statuses).toEqual([429, 200])
    await registry.fault({ kind: "immutable-tags" })
    await expect(pushImage(registry.url, "made/app", "1", anImage())).rejects.toThrow("immutable")
    await registry.clearFaults()
    await expect(pushImage(registry.url, "made/app", "1", anImage())).resolves.toMatch(/^sha256:/)
  })
})

describe.each(kinds)("the test registry %s behind TLS and tokens", (kind) => {
  it("lets oras and crane in with the certificate and the password, and nobody else", async () => {
    const users = { robot: "s3cret" }
    const registry = await startRegistry(kind, { users, tlsNames: ["127.0.0.1", "localhost"], tokenSeconds: 2 })
    try {
      const target = { registry, repository: "team/app", username: "robot" }
      const layout = await imagesLayout()
      const digest = await pushLayout(layout, "clean", { ...target, password: "s3cret" })
      await expect(pushLayout(layout, "clean", { ...target, password: "wrong" })).rejects.toThrow(/401|unauthorized/i)
      const { crane } = await hostTools()
      const env = { ...process.env, SSL_CERT_FILE: registry.certificate, DOCKER_CONFIG: "/nonexistent" }
      await expect(run(crane, ["digest", `${registry.address}/team/app:clean`], { env })).rejects.toThrow(
        /401|UNAUTHORIZED/,
      )
      const requests = await registry.requests()
      expect(requests.filter(({ kind: asked }) => asked === "token").length).toBeGreaterThan(0)
      expect(JSON.stringify(requests)).not.toContain("s3cret")
      expect(digest).toMatch(/^sha256:/)
    } finally {
      await registry.stop()
    }
  })
})
