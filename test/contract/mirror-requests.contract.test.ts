// Prints the mirror rows of docs/performance.md and holds us to them. With REGCTL=<path> regctl is measured as well.
import { describe, expect, it } from "vitest"
import { measureMirror, type Measured } from "../bench/mirror-requests.js"

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
    const rows = await measureMirror(kind, process.env.REGCTL)
    console.log(table(kind, rows))
    const ours = rows.filter(({ who }) => who === "cssc mirror")
    const told = ours.map(({ step, source, target, writes }) => [step, [source, target, writes]])
    expect(Object.fromEntries(told)).toEqual(expected[kind])
  })
})

function table(kind: string, rows: readonly Measured[]): string {
  const lines = rows
    .filter(({ step }) => step !== "")
    .map(({ step, who, source, target, writes }) => `| ${step} | ${who} | ${source} | ${target} | ${writes} |`)
  return [`### ${kind}`, "| step | who | source | target | writes |", "|---|---|---|---|---|", ...lines.sort()].join(
    "\n",
  )
}
