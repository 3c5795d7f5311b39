// A reason can hold what strangers attached; it must not make a whole fleet's result one that nobody can read.
import { expect, it } from "vitest"
import type { MirrorEntry } from "../../../core/fleet/config/fleet.js"
import { planDocument } from "../../../core/fleet/document/build-documents.js"
import { parseFleetDocument } from "../../../core/fleet/document/read-document.js"
import type { PlannedEntry } from "../../../core/fleet/plan/planned.js"
import { aDigest } from "../oci/fixture.js"

const entry: MirrorEntry = {
  ...{ kind: "mirror", tags: {}, allowMissing: false, referrers: "with-image", platforms: [], force: false },
  ...{ source: { registry: "a.example", repository: "from" }, target: { registry: "b.example", repository: "to" } },
  ...{ history: true, provenance: true },
}

it("a result with a reason of any length is read back", () => {
  const why = "sha256:many ".repeat(10_000)
  const failed = { image: { tag: "1", error: why }, action: "fail", why, isDeleted: false } as const
  const planned: PlannedEntry = { entry, outcome: "selected", why, listed: 1, images: [failed] }
  const config = { source: "cssc.yaml", digest: aDigest("config"), entries: 1, policy: aDigest("policy") }
  const document = planDocument({ config, requests: {} }, [planned])
  expect(parseFleetDocument(JSON.stringify(document), "result.json")).toEqual(document)
  expect(document.failures[0]?.why).toMatch(/^sha256:many .*…$/)
})
