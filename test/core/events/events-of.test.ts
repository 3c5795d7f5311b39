// Results as CloudEvents: validated by the CloudEvents SDK, with ids that depend on the facts alone.
import { CloudEvent as Published } from "cloudevents"
import { describe, expect, it } from "vitest"
import { factId } from "../../../core/events/cloud-event.js"
import { eventsOf, failedOutcomes } from "../../../core/events/events-of.js"
import { readOutcomes } from "../../../core/outcomes/read-outcomes.js"
import { anOutcome, app, digestA, digestB, outcomesOf } from "../../support/blocked-outcome.js"

const { verdict } = anOutcome()
const digest = digestA
const promotion = {
  ...{ schema: "https://cssc.dev/promotion/v1", outcome: "promote", source: `${app}@${digest}`, digest, verdict },
  ...{ target: "reg.example/golden/app:1.2", tagged: true, previousDigest: digestB },
  evidence: [{ subject: digest, digest: digestB, predicateType: "https://slsa.dev/verification_summary/v1" }],
  carried: [{ subject: digest, digest: `sha256:${"c".repeat(64)}`, artifactType: "application/spdx+json" }],
  deletion: { status: "deleted", deleted: [] },
}
const mirror = {
  ...{ schema: "https://cssc.dev/mirror/v1", source: "docker.io/library/nginx:1", target: "reg.example/q/nginx:1" },
  ...{ copied: true, digest, provenance: [], dryRun: false },
}
const deletion = {
  ...{ schema: "https://cssc.dev/deletion/v1", image: "reg.example/q/nginx:1", dryRun: false, status: "deleted" },
  deleted: [{ digest, tag: "1" }, { digest: digestB }],
}
const retirement = {
  ...{ schema: "https://cssc.dev/retirement/v1", image: "reg.example/golden/app:1", digest, reason: "end of life" },
  ...{ retiredAt: "2026-11-26T00:00:00Z", tags: ["1", "1.2"], dryRun: false, successor: "reg.example/golden/app:2" },
  archive: { manifests: 2, digests: [digest, digestB], verified: true },
  tombstone: { tag: "retired-1", digest: digestB, state: "written" },
}
const override = {
  ...{ approver: "mia", reason: "soon", reference: "https://x.example/1", expires: "2026-12-10T23:59:59.999Z" },
  ...{ state: "used", covered: ["CVE-2024-1"] },
}
const passed = { ...verdict, outcome: "promote", passed: true }

const events = (document: object) => eventsOf(readOutcomes(JSON.stringify(document), "result.json"))
const types = (document: object) => events(document).map(({ type }) => type.replace("dev.cssc.", ""))

describe("events", () => {
  it("of a retirement say why, what instead, and where that is written", () => {
    expect(events(retirement)[0]?.data).toMatchObject({
      ...{ repository: "reg.example/golden/app", tag: "1", digest, reason: "end of life", archived: true },
      ...{ successor: "reg.example/golden/app:2", tombstone: digestB, tags: ["1", "1.2"] },
    })
    expect(events({ ...retirement, dryRun: true })).toEqual([])
  })

  it("of calls without a result name the image, and the run that they are of", () => {
    const of = (run: string) => eventsOf({ name: "", images: failedOutcomes(["docker.io/library/nginx:1"], run) })
    expect(of("https://ci.example/runs/7")).toMatchObject([
      {
        ...{ type: "dev.cssc.image.failed.v1", source: "oci://docker.io/library/nginx", subject: "1" },
        data: { error: "the call ended without a result: https://ci.example/runs/7" },
      },
    ])
    expect(of("https://ci.example/runs/7")[0]?.id).not.toBe(of("https://ci.example/runs/8")[0]?.id)
    expect(() => failedOutcomes(["A b"], "")).toThrow(/REFERENCE_INVALID/)
  })

  it.each<[string, object, readonly string[]]>([
    [
      "a promotion with an override",
      { ...promotion, verdict: { ...passed, override } },
      [
        "image.overridden.v1",
        "image.promoted.v1",
        "image.deleted.v1",
        "graph.tag-observed.v1",
        "graph.referrer-observed.v1",
      ],
    ],
    [
      "a promotion that found all there",
      { ...promotion, outcome: "unchanged", verdict: passed },
      ["graph.tag-observed.v1"],
    ],
    ["a blocked image", { schema: "https://cssc.dev/verdict/v1", ...verdict }, ["image.blocked.v1"]],
    ["a retirement", retirement, ["image.retired.v1"]],
    [
      "the second call of one, which deletes",
      { ...retirement, tombstone: { ...retirement.tombstone, state: "existing" }, deletion },
      ["image.deleted.v1", "image.deleted.v1"],
    ],
    ["a mirror", mirror, ["image.mirrored.v1", "graph.tag-observed.v1"]],
    [
      "a promoted image that was judged again",
      {
        ...{ schema: "https://cssc.dev/attestation/v1", image: `reg.example/golden/app:1@${digest}`, digest },
        ...{ outcome: "blocked", attached: promotion.evidence },
      },
      ["image.monitored.v1", "graph.referrer-observed.v1"],
    ],
    ["a deletion", deletion, ["image.deleted.v1"]],
    [
      "a run with a failure",
      {
        schema: "https://cssc.dev/run/v1",
        source: "reg.example/q/a",
        target: "reg.example/g/a",
        tags: [{ tag: "1", outcome: "failed", error: "no" }],
      },
      ["image.failed.v1"],
    ],
  ])("of %s are of their types, and valid", (_, document, wanted) => {
    expect(types(document)).toEqual(expect.arrayContaining([...wanted]))
    for (const event of events(document)) {
      expect(new Published(event, true).validate()).toBe(true)
      expect(URL.canParse(event.source)).toBe(true)
    }
  })

  it.each([
    ["a dry run of a promotion", { ...promotion, outcome: "dryrun" }],
    ["a dry run of a mirror", { ...mirror, dryRun: true }],
    ["a dry run of a deletion", { ...deletion, dryRun: true }],
  ])("are none of %s", (_, document) => {
    expect(events(document)).toEqual([])
  })

  it("do not say promoted, blocked or mirrored where nothing of it happened", () => {
    expect(types({ ...promotion, outcome: "unchanged", verdict: passed })).not.toContain("image.promoted.v1")
    expect(types({ ...promotion, verdict: passed })).not.toContain("image.blocked.v1")
    expect(types({ ...promotion, outcome: "blocked" })).toEqual(expect.not.arrayContaining(["image.promoted.v1"]))
    expect(types({ ...mirror, copied: false })).not.toContain("image.mirrored.v1")
  })

  it("tell an index with its platforms, and no index of a single image", () => {
    const platforms = [{ platform: "linux/amd64", digest: digestB }]
    const index = events({ schema: "https://cssc.dev/verdict/v1", ...verdict, platforms })
    expect(index.find(({ type }) => type.includes("image-index"))).toMatchObject({
      subject: digest,
      data: { platforms },
    })
    expect(types({ schema: "https://cssc.dev/verdict/v1", ...verdict })).not.toContain("graph.image-index-observed.v1")
  })

  it("have the same ids for the same facts at another time, and others for others", () => {
    const ids = (document: object) => events(document).map(({ id }) => id)
    const later = { ...promotion, verdict: { ...verdict, evaluatedAt: "2027-01-01T00:00:00Z" } }
    expect(ids(later)).toEqual(ids(promotion))
    expect(ids({ ...promotion, previousDigest: digestA })).not.toEqual(ids(promotion))
    expect(new Set(ids(promotion)).size).toBe(ids(promotion).length)
  })

  it("come once, when two images of a run tell the same fact", () => {
    const twice = eventsOf(outcomesOf(anOutcome(), anOutcome()))
    expect(twice).toEqual(eventsOf(outcomesOf(anOutcome())))
  })

  it("have UUIDs of version 8", () => {
    expect(factId("a")).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(factId("a")).toBe("ca978112-ca1b-8dca-bac2-31b39a23dc4d")
  })
})
