// A fleet's result, read back: for events, notices and a failing step.
import { describe, expect, it } from "vitest"
import { eventsOf } from "../../../core/events/events-of.js"
import { fleetDocument } from "../../../core/fleet/document/fleet-document.js"
import { readOutcomes } from "../../../core/outcomes/read-outcomes.js"
import { requirePassing } from "../../../dagger/session/require-passing.js"
import { anOutcome } from "../../support/blocked-outcome.js"
import { aDigest, expectCode } from "../oci/fixture.js"

const digest = aDigest("one")
const ends = (kind: string, name: string) => ({ kind, source: `a.example/${name}:1`, target: `b.example/${name}:1` })
const failure = { ...ends("promotion", "bad"), outcome: "blocked", why: "1 vulnerability" }
const missing = {
  kind: "mirror",
  source: "a.example/gone",
  target: "b.example/gone",
  outcome: "missing",
  why: "unknown",
}
const whole = (isGood = false) =>
  fleetDocument({
    schema: "https://cssc.dev/fleet/v1",
    config: { source: "cssc.yaml", digest, entries: 1, policy: digest },
    entries: [{ ...missing, listed: 0, images: 0, ...(isGood ? { accepted: true } : {}) }],
    images: [
      { ...ends("mirror", "new"), outcome: "copied", ...{ digest, copied: true, provenance: [] } },
      { ...ends("mirror", "old"), outcome: "unchanged", ...{ digest } },
      { ...ends("promotion", "good"), outcome: "promote", ...{ digest } },
      { ...failure, outcome: isGood ? "promote" : "blocked", ...{ digest } },
    ],
    requests: {},
  })
const document = (isGood = false) => JSON.stringify(whole(isGood))

describe("readOutcomes of a fleet", () => {
  const outcomes = readOutcomes(document(), "result.json")

  it("tells what failed and what was done, and not what stayed", () => {
    const told = outcomes.images.map(({ kind, reference, outcome, passed }) => [kind, reference, outcome, passed])
    expect(told).toEqual([
      ["failed", "a.example/bad:1", "blocked", false],
      ["failed", "a.example/gone", "missing", false],
      ["promotion", "b.example/good:1", "promote", true],
      ["mirror", "b.example/new:1", "mirrored", true],
    ])
    expect(outcomes.name).toBe("cssc.yaml")
  })

  it("gives events of what was mirrored", () => {
    expect(JSON.stringify(eventsOf(outcomes))).toContain("dev.cssc.image.mirrored.v1")
  })
})

describe("a fleet with the results of its runs", () => {
  const { verdict } = anOutcome()
  const promotion = (name: string, outcome: string) => ({
    ...{ tag: "1", outcome, source: `a.example/${name}:1@${digest}`, target: `b.example/${name}:1`, digest, verdict },
    ...{ tagged: outcome === "promote", evidence: [], carried: [] },
  })
  const runOf = (name: string, outcome: string) => ({
    name: `runs/b.example/${name}/result.json`,
    text: JSON.stringify({
      schema: "https://cssc.dev/run/v1",
      ...{ source: `a.example/${name}`, target: `b.example/${name}`, tags: [promotion(name, outcome)] },
    }),
  })

  it("tells each promotion once, whole, and gives its events", () => {
    const runs = [runOf("good", "promote"), runOf("bad", "blocked")]
    const told = readOutcomes(document(), "result.json", "", runs)
    expect(told.images.map(({ kind, reference, outcome }) => [kind, reference, outcome])).toEqual([
      ["failed", "a.example/gone", "missing"],
      ["mirror", "b.example/new:1", "mirrored"],
      ["promotion", `a.example/good:1@${digest}`, "promote"],
      ["promotion", `a.example/bad:1@${digest}`, "blocked"],
    ])
    const types = eventsOf(told).map(({ type }) => type)
    for (const type of ["promoted", "mirrored", "failed", "blocked"])
      expect(types).toContain(`dev.cssc.image.${type}.v1`)
  })

  it.each([
    ["ended in another way", [runOf("bad", "promote")], /b\.example\/bad:1 is promote in its run and blocked in/],
    ["are of images that it has not", [runOf("other", "promote")], /b\.example\/other:1 is promote .* not there in/],
  ])("is refused when they %s", (_, runs, why) => {
    expectCode(() => readOutcomes(document(), "result.json", "", runs), "REPORT_INVALID", why)
  })

  it("tells a promotion of the same image to another repository, which no run tells", () => {
    const second = { ...failure, target: "c.example/bad:1", outcome: "blocked" }
    const { images, ...rest } = whole()
    const both = JSON.stringify(fleetDocument({ ...rest, images: [...images, second] }))
    const { images: told } = readOutcomes(both, "result.json", "", [runOf("bad", "blocked")])
    expect(told.filter(({ outcome }) => outcome === "blocked").map(({ kind }) => kind)).toEqual(["failed", "promotion"])
  })
})

describe("requirePassing of a fleet", () => {
  it("fails by its failures alone, entries too, and names them", () => {
    const why = /2 of 4 did not pass: b\.example\/bad:1: blocked; b\.example\/gone: missing/
    expectCode(() => requirePassing(document(), "result.json"), "GATE_BLOCKED", why)
    expect(() => requirePassing(document(true), "result.json")).not.toThrow()
  })

  it("does not take a result without its list of failures for one that passed", () => {
    const { failures: _failures, ...rest } = JSON.parse(document(true)) as Record<string, unknown>
    expectCode(() => requirePassing(JSON.stringify(rest), "result.json"), "REPORT_INVALID")
  })

  it("takes a mirror for passed, which throws when it fails", () => {
    expect(() => requirePassing('{"schema":"https://cssc.dev/mirror/v1"}', "result.json")).not.toThrow()
  })
})
