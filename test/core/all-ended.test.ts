// What can go wrong: a failure is told while others still write, and whoever tries again meets them; or it ends the process,
// since nobody looks at the second one.
import { setImmediate as turn } from "node:timers/promises"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { allEnded } from "../../core/all-ended.js"

describe("work side by side", () => {
  const unhandled: unknown[] = []
  const note = (reason: unknown): void => void unhandled.push(reason)
  beforeEach(() => void process.on("unhandledRejection", note))
  afterEach(() => {
    process.off("unhandledRejection", note)
    expect(unhandled.splice(0)).toEqual([])
  })

  it("gives all results in the order of the works, whatever ends first", async () => {
    const [slow, end] = held<string>()
    const all = allEnded([slow, Promise.resolve("second")])
    end.resolve("first")
    expect(await all).toEqual(["first", "second"])
    expect(await allEnded([])).toEqual([])
  })

  it("tells what failed first once the last has ended, and not before", async () => {
    const [slow, end] = held<string>()
    const [late, fail] = held<string>()
    const told: unknown[] = []
    const all = allEnded([slow, late, Promise.reject(new Error("first"))]).catch((error: unknown) => told.push(error))
    await turn()
    expect(told).toEqual([])
    fail.reject(new Error("second"))
    await turn()
    expect(told).toEqual([])
    end.resolve("done")
    await all
    expect(told).toEqual([new Error("first")])
  })
})

type End<T> = { readonly resolve: (value: T) => void; readonly reject: (error: Error) => void }

function held<T>(): [Promise<T>, End<T>] {
  const ends: End<T>[] = []
  const promise = new Promise<T>((resolve, reject) => void ends.push({ resolve, reject }))
  return [promise, { resolve: (value) => ends[0]?.resolve(value), reject: (error) => ends[0]?.reject(error) }]
}
