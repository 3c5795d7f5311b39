// Docker Hub's quota of pulls, as it tells it: https://docs.docker.com/docker-hub/usage/pulls/
import { describe, expect, it } from "vitest"
import { digestOf } from "../../../core/oci/digest.js"
import { parseReference } from "../../../core/oci/reference.js"
import { parseQuotaHeader, PullQuotas } from "../../../registry/limits/pull-quota.js"
import { clientOf, pretend } from "../pretend-registry.js"

const manifest = JSON.stringify({
  schemaVersion: 2,
  mediaType: "application/vnd.oci.image.index.v1+json",
  manifests: [],
})

/** Grants so many pulls; a HEAD costs none. */
function hub(pulls: number, window = 21600) {
  let left = pulls
  return pretend(({ method, path }) => {
    const isPull = method === "GET" && path.includes("/manifests/")
    if (isPull && left === 0) return { status: 429, headers: { "ratelimit-remaining": `0;w=${window}` } }
    if (isPull) left--
    return {
      headers: {
        "ratelimit-limit": `100;w=${window}`,
        "ratelimit-remaining": `${left};w=${window}`,
        "docker-content-digest": digestOf(manifest),
        "content-type": "application/vnd.oci.image.index.v1+json",
      },
      body: manifest,
    }
  })
}

const tag = (address: string, name: string) => parseReference(`${address}/library/app:${name}`)

describe("parseQuotaHeader", () => {
  it.each([
    ["100;w=21600", { count: 100, window: 21600 }],
    [" 76 ; w=21600 ", { count: 76, window: 21600 }],
    ["5", { count: 5, window: 0 }],
    ["-1;w=2", undefined],
    ["many", undefined],
    [undefined, undefined],
  ])("%j is %j", (text, expected) => {
    expect(parseQuotaHeader(text)).toEqual(expected)
  })
})

describe("a quota of pulls", () => {
  it("ends before it is empty, and says what is left, and what to do", async () => {
    const server = await hub(3)
    const client = clientOf()
    await client.resolve(tag(server.address, "0"))
    await client.manifest(tag(server.address, "1"))
    await client.manifest(tag(server.address, "2"))
    await expect(client.manifest(tag(server.address, "3"))).rejects.toThrow(
      /^\[QUOTA_EXHAUSTED\] read the manifest of .*:3 failed: .* grants 1 more pulls of 100 in 6 h.*stays done.*within 6 h.*log in/,
    )
    // Nothing was asked for that; and a HEAD, which costs none, is still answered.
    expect(server.asked.filter(({ method }) => method === "GET")).toHaveLength(2)
    expect(await client.resolve(tag(server.address, "3"))).toBe(digestOf(manifest))
  })

  it("counts the pulls that are under way", async () => {
    const server = await hub(4)
    const client = clientOf()
    await client.resolve(tag(server.address, "0"))
    const all = await Promise.allSettled(
      ["1", "2", "3", "4", "5"].map((one) => client.manifest(tag(server.address, one))),
    )
    expect(all.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled", "fulfilled", "rejected", "rejected"])
  })

  it("is over with a 429 that says so, without another attempt", async () => {
    const server = await hub(0)
    await expect(clientOf().manifest(tag(server.address, "1"))).rejects.toThrow(/^\[QUOTA_EXHAUSTED\]/)
    expect(server.asked).toHaveLength(1)
  })

  it("of a short window is waited for", async () => {
    const slept: number[] = []
    const quotas = new PullQuotas(async (seconds) => void slept.push(seconds))
    const url = new URL("https://registry-1.docker.io/v2/library/app/manifests/1")
    const sent = { method: "GET", url, headers: {} } as const
    quotas.after({ sent, header: (name) => (name === "ratelimit-remaining" ? "1;w=60" : undefined) })
    await quotas.before(sent, "read it")
    expect(slept).toEqual([60])
  })

  it("bounds nobody who tells none", async () => {
    const quotas = new PullQuotas()
    expect(quotas.isKnown("ghcr.io")).toBe(false)
    await expect(quotas.require("ghcr.io", 1000, "copy")).resolves.toBeUndefined()
  })
})
