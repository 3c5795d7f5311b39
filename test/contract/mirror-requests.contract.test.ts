// Holds us to the mirror rows of docs/performance.md. `npm run bench -- requests` measures the peers beside us.
import { describe, expect, it } from "vitest"
import { measureMirror, ourMirror } from "../support/measure-mirror.js"

// Source, target, and writes among the target's; of what oras copies at most.
const expected = {
  api: {
    "first copy with referrers": [34, 59, 25],
    "the copy alone": [23, 45, 24],
    "unchanged, referrers checked": [10, 10, 0],
    "unchanged, no referrers": [1, 1, 0],
  },
  distribution: {
    "first copy with referrers": [37, 68, 28],
    "the copy alone": [25, 51, 27],
    "unchanged, referrers checked": [11, 11, 0],
    "unchanged, no referrers": [1, 1, 0],
  },
}

describe.each(["api", "distribution"] as const)("requests of a mirror on %s", (kind) => {
  it("are as many as docs/performance.md says", { timeout: 120_000 }, async () => {
    const ours = await measureMirror(kind, ourMirror())
    const told = ours.map(({ step, source, target, writes }) => [step, [source, target, writes]] as const)
    const isCopy = (step: string) => step.includes("copy")
    const exact = (rows: readonly (readonly [string, readonly number[]])[]) => rows.filter(([step]) => !isCopy(step))
    expect(exact(told)).toEqual(exact(Object.entries(expected[kind])))
    // oras asks side by side, and now and then finds out by one request less what another one told already.
    const most = Object.entries(expected[kind]).filter(([step]) => isCopy(step))
    for (const [step, numbers] of most) {
      const found = told.find(([name]) => name === step)?.[1] ?? []
      expect([step, found, found.length === 3 && found.every((one, at) => one <= (numbers[at] ?? 0))]).toEqual([
        step,
        found,
        true,
      ])
    }
  })
})
