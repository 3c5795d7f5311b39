import { describe, expect, it } from "vitest"
import { parseReference } from "../../../core/oci/reference.js"
import {
  COPIES_OF_ONE_EXEC,
  copiesOfExec,
  MAX_SHARED_COPY_BYTES,
  mayShare,
  SHARED_COPY_EXECS,
  SharedCopies,
} from "../../../dagger/containers/shared-copies.js"
import type { ToolJob, ToolResult } from "../../../dagger/containers/tool-job.js"

function aCopy(source = "source.test"): ToolJob {
  const access = [
    { side: "from" as const, repository: parseReference(`${source}/app:1`) },
    { side: "to" as const, repository: parseReference("target.test/app:1") },
  ]
  return { command: ["oras", "cp"], access, long: true, maxOutputBytes: 1 }
}

const done: ToolResult = { exitCode: 0, stdout: Buffer.from(""), stderr: "" }
const later = () => new Promise<void>((resolve) => setTimeout(resolve, 5))

/** Copies that move nothing, and how many share each exec. */
function counting(): { readonly copies: SharedCopies; readonly groups: number[] } {
  const groups: number[] = []
  const copies = new SharedCopies(async (jobs) => {
    groups.push(jobs.length)
    await later()
    return jobs.map(() => done)
  })
  return { copies, groups }
}

describe("copies that share an exec", () => {
  it("have no part that is known to be large", () => {
    const sizes = [{}, { bytes: MAX_SHARED_COPY_BYTES }, { bytes: MAX_SHARED_COPY_BYTES + 1 }]
    expect(sizes.map(mayShare)).toEqual([true, true, false])
  })

  it("share execs as they have to wait, within a bound", async () => {
    const { copies, groups } = counting()
    const count = 3 * SHARED_COPY_EXECS * COPIES_OF_ONE_EXEC
    await Promise.all(Array.from({ length: count }, () => copies.run(aCopy())))
    expect(groups.reduce((sum, one) => sum + one, 0)).toBe(count)
    expect(Math.max(...groups)).toBe(COPIES_OF_ONE_EXEC)
    expect([copiesOfExec(1, 4), copiesOfExec(9, 4), copiesOfExec(9, 0)]).toEqual([1, 3, COPIES_OF_ONE_EXEC])
  })

  it("from a registry that answers nothing hold up none from another one", async () => {
    const copies = new SharedCopies((jobs) =>
      jobs.some(({ access }) => access[0]?.repository.registry === "slow.test")
        ? new Promise(() => undefined)
        : Promise.resolve(jobs.map(() => done)),
    )
    for (let at = 0; at < 100; at++) void copies.run(aCopy("slow.test"))
    expect(await copies.run(aCopy("quick.test"))).toBe(done)
  })

  it("are of one target too, where another command writes what the first one read", async () => {
    const { copies, groups } = counting()
    const [read, write] = [aCopy().access.slice(0, 1), (to: string) => parseReference(`${to}/app:1`)]
    const job = (to: string): ToolJob => ({
      ...{ command: ["oras", "blob", "fetch"], access: read, long: true, maxOutputBytes: 1 },
      then: [{ command: ["oras", "blob", "push"], access: [{ side: "", repository: write(to) }] }],
    })
    const targets = Array.from({ length: 2 * SHARED_COPY_EXECS }, (_, at) => `target-${at % 2}.test`)
    await Promise.all(targets.map((to) => copies.run(job(to))))
    expect(groups).toEqual(targets.map(() => 1))
  })
})
