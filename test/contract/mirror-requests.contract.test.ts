// Holds us to the mirror rows of docs/performance.md. `npm run bench -- requests` measures the peers beside us.
import { describe, expect, it } from "vitest"
import { measureMirror, ourMirror } from "../support/measure-mirror.js"

// Source, target, and writes among the target's.
const expected = {
  api: {
    "first copy with referrers": [34, 59, 25],
    "the copy alone": [23, 47, 25],
    "unchanged, referrers checked": [10, 10, 0],
    "unchanged, no referrers": [1, 1, 0],
  },
  distribution: {
    "first copy with referrers": [39, 68, 28],
    "the copy alone": [25, 53, 28],
    "unchanged, referrers checked": [13, 13, 0],
    "unchanged, no referrers": [1, 1, 0],
  },
}

describe.each(["api", "distribution"] as const)("requests of a mirror on %s", (kind) => {
  it("are as many as docs/performance.md says", { timeout: 120_000 }, async () => {
    const ours = await measureMirror(kind, ourMirror())
    const told = ours.map(({ step, source, target, writes }) => [step, [source, target, writes]])
    expect(Object.fromEntries(told)).toEqual(expected[kind])
  })
})
