// Results that were edited, or written in part: what their rows say is what counts, and a contradiction stops the job.
import { describe, expect, it } from "vitest"
import { fleetDocument } from "../../../core/fleet/document/fleet-document.js"
import { readOutcomes } from "../../../core/outcomes/read-outcomes.js"
import { requirePassing } from "../../../dagger/session/require-passing.js"
import { aDigest, expectCode } from "../oci/fixture.js"
import { blocked } from "../report/report-world.js"

const digest = aDigest("one")
const ends = (kind: string, name: string) => ({ kind, source: `a.example/${name}:1`, target: `b.example/${name}:1` })
const entry = {
  ...{ kind: "mirror", source: "a.example/x", target: "b.example/x", outcome: "selected" },
  ...{ listed: 2, images: 2 },
}
const fleet = fleetDocument({
  schema: "https://cssc.dev/fleet/v1",
  config: { source: "cssc.yaml", digest, entries: 1, policy: digest },
  entries: [entry],
  images: [
    { ...ends("mirror", "good"), outcome: "copied", digest },
    { ...ends("promotion", "bad"), outcome: "blocked", digest, why: "1 vulnerability" },
  ],
  requests: {},
})
const plan = fleetDocument({
  ...fleet,
  schema: "https://cssc.dev/plan/v1",
  images: [{ ...ends("mirror", "old"), action: "fail", unknownAge: true, why: "nothing tells when it was made" }],
})
const check = (document: object) => () => requirePassing(JSON.stringify(document), "out/result.json")
const setOutcome = (outcome?: string) => fleet.images.map((row) => ({ ...row, outcome }))
const silent = { failures: [], passed: true }
const missing = { ...entry, outcome: "missing", images: 0 }

describe("a fleet's result", () => {
  it("stops by its rows", () => {
    expectCode(check(fleet), "GATE_BLOCKED", /1 of 2 did not pass: b\.example\/bad:1: blocked/)
    expectCode(check(plan), "GATE_BLOCKED", /b\.example\/old:1: unknown-age/)
    const { images, ...rest } = fleet
    const good = fleetDocument({ ...rest, images: images.filter(({ outcome }) => outcome === "copied") })
    expect(check(good)).not.toThrow()
  })

  it.each<[string, object, RegExp]>([
    ["lost its failures", { ...fleet, failures: [] }, /b\.example\/bad:1 \(blocked\) is not among failures/],
    ["lost its failures and says that it passed", { ...fleet, ...silent }, /passed is true, its rows say false/],
    ["is a plan that lost its failures", { ...plan, ...silent }, /b\.example\/old:1 \(unknown-age\) is not among/],
    ["lost an entry's failure", { ...fleet, entries: [missing] }, /b\.example\/x \(missing\) is not among failures/],
    ["lost its failing row", { ...fleet, images: fleet.images.slice(1) }, /bad:1 \(blocked\) is among failures, not/],
    ["was turned good", { ...fleet, images: setOutcome("copied"), ...silent, totals: { copied: 2 } }, /digest is not/],
    ["counts other rows", { ...fleet, totals: { copied: 2 } }, /totals are not those of its rows/],
    [
      "has an outcome that nobody knows",
      { ...fleet, images: setOutcome("great") },
      /ended as "great", which is no end/,
    ],
    ["has rows without an outcome", { ...fleet, images: setOutcome() }, /ended as nothing/],
    [
      "has actions beside outcomes",
      { ...plan, schema: fleet.schema },
      /both an action and an outcome|ended as nothing/,
    ],
    [
      "has an entry that nobody knows",
      { ...fleet, entries: [{ ...entry, outcome: "fine" }] },
      /entry .* ended as "fine"/,
    ],
    ["lost an entry", { ...fleet, entries: [] }, /has 0 of 1 entries, and is no shard/],
  ])("that %s is refused by check and by all who read it", (_, document, why) => {
    expectCode(check(document), "REPORT_INVALID", why)
    expectCode(check(document), "REPORT_INVALID", /out\/result\.json contradicts itself/)
    const isFleet = "schema" in document && document.schema === fleet.schema
    if (isFleet) expectCode(() => readOutcomes(JSON.stringify(document), "result.json"), "REPORT_INVALID", why)
  })

  it("names few of many contradictions, and how many there are", () => {
    const images = Array.from({ length: 9 }, (_, at) => ({ ...ends("mirror", `x${at}`), outcome: "failed", digest }))
    const many = { ...fleetDocument({ ...fleet, images }), failures: [] }
    expectCode(check(many), "REPORT_INVALID", /x4:1 \(failed\) is not among failures; and 4 more/)
  })
})

describe("other results", () => {
  const { verdict } = blocked
  const watched = { tags: ["1"], digest, state: "unchanged", outcome: "blocked", passed: false }
  const unread = { tags: ["2"], state: "unread", outcome: "failed", error: "gone" }
  const unproven = { ...watched, passed: true, outcome: "promote", proof: { state: "failed", reason: "no" } }
  const monitoring = (images: object[], failures: object[] = []) => ({
    ...{ schema: "https://cssc.dev/monitoring/v1", repository: "a.example/x", images, failures },
  })
  const retention = (status: string | undefined, failures: object[] = []) => ({
    ...{ schema: "https://cssc.dev/retention/v1", repository: "a.example/x", applied: true, failures },
    images: [{ tags: ["1"], digest, decision: "delete", ...(status === undefined ? {} : { done: { status } }) }],
  })
  const promotion = { schema: "https://cssc.dev/promotion/v1", outcome: "promote", target: "b.example/x:1" }
  const run = (tag: object) => ({ schema: "https://cssc.dev/run/v1", tags: [{ tag: "1", ...tag }] })

  it.each<[string, object]>([
    ["a look without a failure", monitoring([watched])],
    ["a look that could not read", monitoring([unread])],
    ["a look whose proof failed", monitoring([unproven])],
    ["a deletion that failed", retention("failed")],
    ["a deletion that was not tried", retention(undefined)],
    ["a promotion without a verdict", promotion],
    ["a promotion whose verdict blocks", { ...promotion, verdict }],
    ["a run whose verdict blocks", run({ outcome: "promote", verdict })],
    ["a verdict that passes and blocks", { ...verdict, outcome: "promote" }],
    ["a state that nobody knows", monitoring([{ ...watched, state: "fine", passed: true }])],
  ])("are refused when they contradict themselves: %s", (_, document) => {
    expectCode(check(document), "REPORT_INVALID")
  })

  it("stop by what is told of their images, and name it", () => {
    const failure = { target: `a.example/x:1@${digest}`, outcome: "blocked" }
    expectCode(check(monitoring([watched], [failure])), "GATE_BLOCKED", /a\.example\/x:1@sha256:\w+: blocked/)
    expectCode(check(retention("failed", [{ ...failure, outcome: "failed" }])), "GATE_BLOCKED")
    expect(check(retention("deleted"))).not.toThrow()
    expectCode(check({ ...promotion, outcome: "blocked", verdict }), "GATE_BLOCKED", /b\.example\/x:1: blocked/)
    expectCode(check(run({ outcome: "failed", error: "no" })), "GATE_BLOCKED", /1 of 1 did not pass: 1: failed/)
    expectCode(check(verdict ?? {}), "GATE_BLOCKED")
    expectCode(check({ schema: "https://cssc.dev/image/v1" }), "GATE_BLOCKED", /the image: unknown/)
  })
})
