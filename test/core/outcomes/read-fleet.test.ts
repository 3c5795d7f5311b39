// A fleet's result, read back: for events, notices and a failing step.
import { describe, expect, it } from "vitest"
import { eventsOf } from "../../../core/events/events-of.js"
import { fleetDocument } from "../../../core/fleet/document/fleet-document.js"
import { readOutcomes } from "../../../core/outcomes/read-outcomes.js"
import { requirePassing } from "../../../dagger/session/require-passing.js"
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
const document = (failures = [failure, missing]) =>
  JSON.stringify(
    fleetDocument({
      schema: "https://cssc.dev/fleet/v1",
      config: { source: "cssc.yaml", digest, policy: digest },
      entries: [],
      images: [
        { ...ends("mirror", "new"), outcome: "copied", ...{ digest, copied: true, provenance: [] } },
        { ...ends("mirror", "old"), outcome: "unchanged", ...{ digest } },
        { ...ends("promotion", "good"), outcome: "promote", ...{ digest } },
        { ...ends("promotion", "bad"), outcome: "blocked", ...{ digest } },
      ],
      failures,
      requests: {},
    }),
  )

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

describe("requirePassing of a fleet", () => {
  it("fails by its failures alone, entries too, and names them", () => {
    const why = /2 of 4 did not pass: b\.example\/bad:1: blocked; b\.example\/gone: missing/
    expectCode(() => requirePassing(document(), "result.json"), "GATE_BLOCKED", why)
    expect(() => requirePassing(document([]), "result.json")).not.toThrow()
  })

  it("does not take a result without its list of failures for one that passed", () => {
    const { failures: _failures, ...rest } = JSON.parse(document([])) as Record<string, unknown>
    expectCode(() => requirePassing(JSON.stringify(rest), "result.json"), "REPORT_INVALID")
  })

  it("takes a mirror for passed, which throws when it fails", () => {
    expect(() => requirePassing('{"schema":"https://cssc.dev/mirror/v1"}', "result.json")).not.toThrow()
  })
})
