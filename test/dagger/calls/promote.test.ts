// What promote is asked for, before it opens a session: nothing here needs an engine.
import type { Directory, File } from "@dagger.io/dagger"
import { describe, expect, it } from "vitest"
import { runPromote } from "../../../dagger/calls/promote.js"
import { emptyState } from "../../../dagger/state/builders.js"

// Never asked for anything.
const file = {} as File
const directory = {} as Directory
const none = { image: "", verdict: undefined, source: "", reports: undefined, baseline: "" }
const rest = {
  target: "reg.test/golden",
  method: "sbom",
  predicateType: "",
  deleteSource: false,
  dryRun: false,
} as const
const image = "reg.test/quarantine/app:1"

describe("promote", () => {
  it.each([
    ["neither image nor verdict", {}, "give exactly one of the two"],
    ["both", { image, verdict: file }, "give exactly one of the two"],
    ["a verdict without its repository", { verdict: file }, "a verdict needs source"],
    ["an image with a source", { image, source: "reg.test/quarantine/app" }, "source goes with verdict"],
    ["an image with reports", { image, reports: directory }, "reports go with a signed verdict"],
    [
      "a verdict with a baseline",
      { verdict: file, source: "reg.test/app", baseline: image },
      "baseline goes with image",
    ],
  ])("refuses %s", async (_, given, reason) => {
    const asked = runPromote(emptyState, { ...none, ...rest, ...given })
    await expect(asked).rejects.toMatchObject({ code: "ARGUMENT_INVALID", reason: expect.stringContaining(reason) })
  })

  it("tells every argument that is wrong at once", async () => {
    const asked = runPromote(emptyState, { ...none, ...rest, image: "reg.test/App", target: "reg.test/a@sha256:0" })
    await expect(asked).rejects.toThrow(
      /\[REFERENCE_INVALID\] 2 problems: .*reg\.test\/App.*"sha256:0" is not a digest/,
    )
    const once = runPromote(emptyState, { ...none, ...rest, image: "reg.test/App" })
    await expect(once).rejects.toThrow('[REFERENCE_INVALID] "reg.test/App" is not an image reference')
  })

  it("refuses a target without a tag for an image that is named by digest alone", async () => {
    const digest = `reg.test/app@sha256:${"0".repeat(64)}`
    const asked = runPromote(emptyState, { ...none, ...rest, image: digest })
    await expect(asked).rejects.toThrow('the target "reg.test/golden" needs a tag')
  })
})
