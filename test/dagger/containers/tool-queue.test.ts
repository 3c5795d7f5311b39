import { describe, expect, it } from "vitest"
import { GROUP_SIZE, GROUPS_AT_ONCE, type QueueLimits, ToolQueue } from "../../../dagger/containers/tool-queue.js"

/** A queue that doubles numbers, with the groups that it formed. */
function doubling(work: (group: readonly number[]) => Promise<void> = () => Promise.resolve(), limits?: QueueLimits) {
  const groups: (readonly number[])[] = []
  const queue = new ToolQueue<number, number>(async (group) => {
    groups.push(group)
    await work(group)
    return group.map((number) => number * 2)
  }, limits)
  return { groups, queue }
}

const later = () => new Promise<void>((done) => setTimeout(done, 5))

describe("ToolQueue", () => {
  it("does together what is asked for at the same time, and answers each", async () => {
    const { groups, queue } = doubling()
    expect(await Promise.all([1, 2, 3].map((number) => queue.run(number)))).toEqual([2, 4, 6])
    expect(groups).toEqual([[1, 2, 3]])
  })

  it("bounds the size of a group and the groups under way", async () => {
    let [now, most] = [0, 0]
    const { groups, queue } = doubling(async () => {
      most = Math.max(most, ++now)
      await new Promise((done) => setTimeout(done, 5))
      now--
    })
    await Promise.all(Array.from({ length: 10 * GROUP_SIZE + 1 }, (_, number) => queue.run(number)))
    expect(Math.max(...groups.map(({ length }) => length))).toBe(GROUP_SIZE)
    expect(most).toBe(GROUPS_AT_ONCE)
    expect(groups.flat()).toHaveLength(10 * GROUP_SIZE + 1)
  })

  it("shares what waits out as its limits say", async () => {
    const { groups, queue } = doubling(later, {
      groupsAtOnce: 3,
      groupSize: (waiting, free) => Math.ceil(waiting / free),
    })
    await Promise.all(Array.from({ length: 10 }, (_, number) => queue.run(number)))
    expect(groups.map(({ length }) => length)).toEqual([4, 3, 3])
  })

  it("fails only the group whose container failed, and goes on", async () => {
    const { queue } = doubling((group) =>
      group.includes(1) ? Promise.reject(new Error("no engine")) : Promise.resolve(),
    )
    await expect(queue.run(1)).rejects.toThrow("no engine")
    expect(await queue.run(2)).toBe(4)
  })
})
