import { describe, expect, it } from "vitest"
import { CsscError, type ErrorCode } from "../../../core/errors.js"
import { checkAll, readAll } from "../../../dagger/state/problems.js"

const fail = (code: ErrorCode, reason: string) => () => {
  throw new CsscError(code, reason)
}
const readers = { name: () => "app", size: () => Promise.resolve(3) }

describe("arguments that are read together", () => {
  it("come back by their names", async () => {
    expect(await readAll(readers)).toEqual({ name: "app", size: 3 })
  })

  it("keep the error of the only one that is wrong as it was", async () => {
    const wrong = readAll({ ...readers, key: fail("KEY_INVALID", "no key") })
    await expect(wrong).rejects.toMatchObject({ code: "KEY_INVALID", message: "[KEY_INVALID] no key" })
  })

  it("are all told when several are wrong, also those that were told together before", async () => {
    const inner = () => readAll({ one: fail("KEY_INVALID", "one"), two: fail("POLICY_INVALID", "two") })
    await expect(readAll({ inner, three: fail("REFERENCE_INVALID", "three") })).rejects.toMatchObject({
      code: "ARGUMENT_INVALID",
      reason: "3 problems: [KEY_INVALID] one; [POLICY_INVALID] two; [REFERENCE_INVALID] three",
    })
  })

  it("keep a code that all problems share", () => {
    const twice = () => checkAll([fail("REFERENCE_INVALID", "one"), fail("REFERENCE_INVALID", "two")])
    expect(twice).toThrow("[REFERENCE_INVALID] 2 problems: one; two")
  })

  it("hide no error that is no problem of the input", async () => {
    const broken = () => Promise.reject(new TypeError("the engine is gone"))
    await expect(readAll({ key: fail("KEY_INVALID", "no key"), broken })).rejects.toThrow("the engine is gone")
  })
})
