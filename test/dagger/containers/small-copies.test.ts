import { describe, expect, it } from "vitest"
import { parseReference } from "../../../core/oci/reference.js"
import {
  COPIES_OF_ONE_EXEC,
  copiesOfExec,
  isSmallCopy,
  MAX_SMALL_COPY_BYTES,
  SMALL_COPY_EXECS,
  SmallCopies,
} from "../../../dagger/containers/small-copies.js"
import type { ToolJob, ToolResult } from "../../../dagger/containers/tool-job.js"

function aCopy(source = "source.test", more: Partial<ToolJob> = {}): ToolJob {
  const access = [
    { side: "from" as const, repository: parseReference(`${source}/app:1`) },
    { side: "to" as const, repository: parseReference("target.test/app:1") },
  ]
  return { command: ["oras", "cp"], access, long: true, bytes: 1, maxOutputBytes: 1, ...more }
}

const done: ToolResult = { exitCode: 0, stdout: Buffer.from(""), stderr: "" }
const later = () => new Promise<void>((resolve) => setTimeout(resolve, 5))

describe("small copies", () => {
  it("are those whose size is known to be small: what is not known, or moves no layers, is not", () => {
    expect(isSmallCopy(aCopy("a", { bytes: MAX_SMALL_COPY_BYTES }))).toBe(true)
    expect(isSmallCopy(aCopy("a", { bytes: MAX_SMALL_COPY_BYTES + 1 }))).toBe(false)
    const { bytes, ...unknown } = aCopy("a")
    expect([bytes, isSmallCopy(unknown)]).toEqual([1, false])
    expect(isSmallCopy(aCopy("a", { long: false }))).toBe(false)
  })

  it("share execs as they have to wait, within a bound", async () => {
    const groups: number[] = []
    const copies = new SmallCopies(async (jobs) => {
      groups.push(jobs.length)
      await later()
      return jobs.map(() => done)
    })
    const count = 3 * SMALL_COPY_EXECS * COPIES_OF_ONE_EXEC
    await Promise.all(Array.from({ length: count }, () => copies.run(aCopy())))
    expect(groups.reduce((sum, one) => sum + one, 0)).toBe(count)
    expect(Math.max(...groups)).toBe(COPIES_OF_ONE_EXEC)
    expect([copiesOfExec(1, 4), copiesOfExec(9, 4), copiesOfExec(9, 0)]).toEqual([1, 3, 9])
  })

  it("from a registry that answers nothing hold up none from another one", async () => {
    const copies = new SmallCopies((jobs) =>
      jobs.some(({ access }) => access[0]?.repository.registry === "slow.test")
        ? new Promise(() => undefined)
        : Promise.resolve(jobs.map(() => done)),
    )
    for (let at = 0; at < 100; at++) void copies.run(aCopy("slow.test"))
    expect(await copies.run(aCopy("quick.test"))).toBe(done)
  })
})
