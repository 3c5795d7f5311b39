import { describe, expect, it } from "vitest"
import { CsscError } from "../../core/errors.js"
import { refusalError } from "../../registry/failure/classify-answer.js"
import { tooSlow } from "../../registry/failure/failure-kinds.js"
import { RegistryError } from "../../registry/failure/registry-error.js"
import { defaultDelays, MAX_RETRY_AFTER_SECONDS, retrying } from "../../registry/retry.js"

function failing(errors: readonly Error[]) {
  const slept: number[] = []
  let attempts = 0
  const policy = {
    delays: defaultDelays,
    maxDelay: MAX_RETRY_AFTER_SECONDS,
    sleep: async (seconds: number) => void slept.push(seconds),
  }
  const outcome = retrying(policy, async () => {
    const error = errors[attempts++]
    if (error !== undefined) throw error
    return "passed"
  })
  return outcome.then(
    (result) => ({ result, slept, attempts }),
    (error: Error) => ({ result: error.message.split(" ")[0], slept, attempts }),
  )
}

const refused = (status: number, retryAfter?: string) =>
  refusalError("read", { method: "GET", url: "https://registry.example/v2/app/manifests/1", status, retryAfter })
const outage = refused(503)
const limited = (retryAfter: string) => refused(429, retryAfter)

describe("retrying", () => {
  it("passes at the fourth attempt, after 5, 10 and 20 seconds", async () => {
    expect(await failing([outage, outage, outage])).toEqual({ result: "passed", slept: [5, 10, 20], attempts: 4 })
  })

  it("gives up after four attempts with the last failure", async () => {
    expect(await failing([outage, outage, outage, outage])).toEqual({
      result: "[REGISTRY_UNAVAILABLE]",
      slept: [5, 10, 20],
      attempts: 4,
    })
  })

  it("waits as long as the registry says, never shorter than its own delay, and not for an hour", async () => {
    expect((await failing([limited("60"), limited("1")])).slept).toEqual([60, 10])
    expect(await failing([limited("3600")])).toEqual({ result: "[REGISTRY_RATE_LIMITED]", slept: [], attempts: 1 })
  })

  it("adds up to half of a delay by chance, and takes nothing off", async () => {
    const slept: number[] = []
    const sleep = async (seconds: number) => void slept.push(seconds)
    const chances = [0, 0.5, 1]
    const policy = { delays: defaultDelays, maxDelay: 120, sleep, jitter: () => chances.shift() ?? 0 }
    await expect(retrying(policy, () => Promise.reject(outage))).rejects.toThrow("REGISTRY_UNAVAILABLE")
    expect(slept).toEqual([5, 12.5, 30])
  })

  it("waits for somebody who is too slow once more, and no oftener", async () => {
    const slow = new RegistryError("read", tooSlow)
    expect(await failing([slow])).toEqual({ result: "passed", slept: [5], attempts: 2 })
    expect(await failing([slow, outage, slow, slow])).toEqual({
      result: "[REGISTRY_TOO_SLOW]",
      slept: [5, 10],
      attempts: 3,
    })
  })

  it("does not try again what cannot pass", async () => {
    expect(await failing([new CsscError("DIGEST_MISMATCH", "x")])).toMatchObject({ attempts: 1, slept: [] })
    expect(await failing([refused(403)])).toMatchObject({ attempts: 1, slept: [] })
  })
})
