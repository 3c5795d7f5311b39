import { describe, expect, it } from "vitest"
import { planOf } from "../../scripts/test-plan.mjs"

describe("planOf", () => {
  it("runs all kinds of tests once when nothing is asked for", () => {
    expect(planOf([])).toEqual({ all: true, watch: false, kinds: ["unit", "contract", "engine"], args: ["run"] })
  })

  it.each([["--project", "unit"], ["--project=unit"]])("prepares for the kind that %s names alone", (...args) => {
    expect(planOf([...args, "core/oci"])).toMatchObject({ all: false, kinds: ["unit"] })
  })

  it("prepares for every kind that is named", () => {
    expect(planOf(["--project", "engine", "--project", "unit"]).kinds).toEqual(["unit", "engine"])
  })

  it("prepares for everything when a file may be of any kind", () => {
    expect(planOf(["mirror"])).toMatchObject({ all: false, kinds: ["unit", "contract", "engine"] })
  })

  it("does not end when it shall watch", () => {
    expect(planOf(["--project", "unit", "--watch"])).toMatchObject({
      watch: true,
      args: expect.not.arrayContaining(["run"]),
    })
  })
})
