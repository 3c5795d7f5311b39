// More images than one run takes: refused as a whole, before they are asked about one by one.
import { describe, expect, it } from "vitest"
import { parseFleet } from "../../../core/fleet/config/parse-fleet.js"
import { planFleet } from "../../../core/fleet/plan/plan-fleet.js"
import { MAX_TAGS_OF_ENTRY } from "../../../core/fleet/plan/select-entry-tags.js"
import { MAX_IMAGES } from "../../../core/fleet/plan/survey.js"
import { wholeFleet } from "../../../core/fleet/shard/shard.js"
import type { Registry } from "../../../core/ports.js"
import { unseen } from "../../support/unseen.js"
import { aDigest } from "../oci/fixture.js"

const tags = Array.from({ length: MAX_TAGS_OF_ENTRY }, (_, at) => `${at}`)
const digest = aDigest("one")
const fleetOf = (entries: number) =>
  parseFleet(
    `version: 1\nmirrors:\n${Array.from({ length: entries }, (_, at) => `  - { source: a.example/${at}, target: b.example/${at} }`).join("\n")}\n`,
  )

/** So many tags that no registry of a test holds them. */
function endless() {
  const asked = { heads: 0 }
  const registry = {
    tags: () => Promise.resolve(tags),
    resolve: () => {
      asked.heads += 1
      return Promise.resolve(digest)
    },
  } as unknown as Registry
  return { asked, operation: { registry, now: () => new Date(0), step: unseen, progress: () => undefined } }
}

describe("planFleet", () => {
  it("refuses more images than one run takes, before they are asked about", async () => {
    const { asked, operation } = endless()
    const entries = MAX_IMAGES / MAX_TAGS_OF_ENTRY + 1
    await expect(planFleet(operation, fleetOf(entries), wholeFleet)).rejects.toThrow(
      /^\[LIMIT_EXCEEDED\] 110000 images are meant, more than 100000 in one run: ask for fewer, or for a shard/,
    )
    expect(asked.heads).toBeLessThan(1000)
  })

  it("takes ten thousand tags of a repository", async () => {
    const { asked, operation } = endless()
    const [entry] = await planFleet(operation, fleetOf(1), wholeFleet)
    expect(entry?.images).toHaveLength(MAX_TAGS_OF_ENTRY)
    expect(asked.heads).toBe(2 * MAX_TAGS_OF_ENTRY)
  })
})
