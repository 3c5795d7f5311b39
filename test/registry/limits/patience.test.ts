// Registries that answer slowly for ever.
import { describe, expect, it } from "vitest"
import { digestOf } from "../../../core/oci/digest.js"
import { parseReference } from "../../../core/oci/reference.js"
import { fourAttempts } from "../../support/retries.js"
import { clientOf, listening } from "../pretend-registry.js"

const patience = { silence: 400, total: 1500, stretch: 100, bytes: 1000 }
const content = Buffer.alloc(4096, "x")
const blob = { digest: digestOf(content), size: content.length }

const from = (address: string, more: Parameters<typeof clientOf>[0] = {}) => {
  const { registry, repository } = parseReference(`${address}/team/app:1`)
  return clientOf({ patience, ...more }).blob({ registry, repository }, blob)
}

describe("a registry that takes for ever", () => {
  it("to begin an answer is named, and waited for twice", async () => {
    let asked = 0
    const address = await listening(() => void asked++)
    const retry = fourAttempts()
    await expect(from(address, { retry })).rejects.toThrow(
      /^\[REGISTRY_TOO_SLOW\] read the blob .*UND_ERR_HEADERS_TIMEOUT/,
    )
    expect([asked, retry.slept]).toEqual([2, [5]])
  })

  it("to send a body, a byte at a time, is named with its speed", async () => {
    const address = await listening((_, response) => {
      const drip = setInterval(() => response.write("x"), 20)
      response.on("close", () => clearInterval(drip))
    })
    await expect(from(address)).rejects.toThrow(/^\[REGISTRY_TOO_SLOW\] read the blob .* sent \d+ bytes in 0.1 s/)
  })

  it("with a body that comes fast enough is ended all the same when its time is over", async () => {
    const address = await listening((_, response) => {
      const drip = setInterval(() => response.write(Buffer.alloc(40, "x")), 1)
      response.on("close", () => clearInterval(drip))
    })
    const endless = { ...blob, size: 1 << 30 }
    const { registry, repository } = parseReference(`${address}/team/app:1`)
    await expect(
      clientOf({ patience: { ...patience, bytes: 1 } }).blob({ registry, repository }, endless),
    ).rejects.toThrow(/^\[REGISTRY_TOO_SLOW\]/)
  })

  it("is not what is slow only at its end", async () => {
    const address = await listening((_, response) => {
      response.write(content.subarray(0, 4000))
      setTimeout(() => response.end(content.subarray(4000)), 60)
    })
    expect(await from(address)).toEqual(content)
  })
})
