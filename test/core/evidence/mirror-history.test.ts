import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { type History, type HistoryEntry, parseHistory } from "../../../core/evidence/history-schema.js"
import {
  addEntry,
  buildHistoryDocument,
  emptyHistory,
  isKnown,
  isRollback,
  mergeHistory,
} from "../../../core/evidence/mirror-history.js"
import { digestOf } from "../../../core/oci/digest.js"

const [a, b, c] = [digestOf("a"), digestOf("b"), digestOf("c")]
const at = (day: number) => `2026-06-${String(day).padStart(2, "0")}T00:00:00Z`

function anEntry(more: Partial<HistoryEntry> = {}): HistoryEntry {
  return {
    sourceTag: "1",
    sourceDigest: a,
    destTag: "1",
    syncedAt: at(1),
    runUrl: "u",
    runId: "1",
    runAttempt: "1",
    force: false,
    ...more,
  }
}

const withEntries = (...entries: HistoryEntry[]): History => ({ ...emptyHistory("r.io/q/app", "r.io/app"), entries })

const histories = fc
  .array(
    fc.record({
      sourceTag: fc.constantFrom("1", "2"),
      sourceDigest: fc.constantFrom(a, b),
      syncedAt: fc.constantFrom(at(1), at(2), "", "yesterday"),
      runId: fc.constantFrom("1", "2"),
    }),
    { maxLength: 6 },
  )
  .chain((entries) =>
    fc.record({
      image: fc.constantFrom("", "x", "y"),
      source: fc.constantFrom("", "s"),
      entries: fc.constant(entries.map(anEntry)),
      unreadable: fc.nat(2),
    }),
  )

describe("mergeHistory", () => {
  it("is commutative, associative and idempotent", () => {
    fc.assert(
      fc.property(histories, histories, histories, (x, y, z) => {
        expect(mergeHistory(x, y)).toEqual(mergeHistory(y, x))
        expect(mergeHistory(mergeHistory(x, y), z)).toEqual(mergeHistory(x, mergeHistory(y, z)))
        expect(mergeHistory(mergeHistory(x, y), y)).toEqual(mergeHistory(x, y))
      }),
    )
  })

  it("forgets nothing", () => {
    fc.assert(
      fc.property(histories, histories, (x, y) => {
        expect(mergeHistory(x, y).entries).toEqual(expect.arrayContaining([...x.entries, ...y.entries]))
      }),
    )
  })
})

describe("a history", () => {
  it("knows a digest under its tag alone", () => {
    const history = withEntries(anEntry())
    expect(isKnown(history, { sourceTag: "1", sourceDigest: a })).toBe(true)
    expect(isKnown(history, { sourceTag: "2", sourceDigest: a })).toBe(false)
    expect(isKnown(history, { sourceTag: "1", sourceDigest: b })).toBe(false)
  })

  it("notices that a tag went back: A, B, A", () => {
    const history = withEntries(anEntry({ sourceDigest: b, syncedAt: at(2) }), anEntry({ sourceDigest: a }))
    expect(isRollback(history, "1", a)).toBe(true)
    expect(isRollback(history, "1", b)).toBe(false)
    expect(isRollback(history, "1", c)).toBe(false)
    expect(isRollback(history, "2", a)).toBe(false)
  })

  it("compares moments, not their spelling", () => {
    const history = withEntries(
      anEntry({ sourceDigest: b, syncedAt: "2026-06-01T01:00:00+03:00" }),
      anEntry({ sourceDigest: a, syncedAt: "2026-05-31T23:00:00Z" }),
    )
    expect(isRollback(history, "1", b)).toBe(true)
  })

  it("is written as the composite action writes it, and can be read back", () => {
    const history = addEntry(emptyHistory("r.io/q/app", "r.io/app"), anEntry())
    const { document, config, annotations } = buildHistoryDocument(history, new Date(at(3)))
    expect(JSON.parse(document)).toEqual({
      schemaVersion: 1,
      image: "r.io/q/app",
      source: "r.io/app",
      entries: [anEntry()],
    })
    expect(JSON.parse(config)).toEqual({
      schemaVersion: 1,
      image: "r.io/q/app",
      source: "r.io/app",
      count: 1,
      updated: at(3),
    })
    expect(annotations).toEqual({
      "org.opencontainers.image.title": "mirror-history.json",
      "com.toddysm.mirror-history.count": "1",
      "com.toddysm.mirror-history.updated": at(3),
    })
    expect(parseHistory(document)).toEqual(history)
  })
})

describe("parseHistory", () => {
  it("reads old entries with fields left out", () => {
    const text = JSON.stringify({ entries: [{ sourceTag: "1", sourceDigest: a, runId: 7, runUrl: null }] })
    expect(parseHistory(text).entries).toEqual([
      anEntry({ destTag: "", syncedAt: "", runUrl: "", runId: "7", runAttempt: "" }),
    ])
  })

  it("passes over broken entries and counts them", () => {
    const text = JSON.stringify({
      schemaVersion: 1,
      entries: [anEntry(), { sourceTag: "1" }, null, "x", { sourceTag: "1", sourceDigest: "sha256:x" }],
    })
    expect(parseHistory(text)).toMatchObject({ entries: [anEntry()], unreadable: 4 })
  })

  it.each(["", "[]", "{", '{"schemaVersion":2,"entries":[]}', '{"entries":{}}'])("refuses %j", (text) => {
    expect(() => parseHistory(text, "r.io/q/app:mirror-history")).toThrow("[HISTORY_INVALID] r.io/q/app:mirror-history")
  })
})
