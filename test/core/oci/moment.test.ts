// What can go wrong: a date that is valid where it was written gets a sign in UTC, and what is stored cannot be read.
import { expect, it } from "vitest"
import { createdOf } from "../../../core/oci/created.js"
import { isoTime } from "../../../core/oci/moment.js"

it.each([
  ["2026-01-31T12:00:00+02:00", "2026-01-31T10:00:00.000Z"],
  ["0000-01-01T00:00:00Z", "0000-01-01T00:00:00.000Z"],
  ["9999-12-31T23:59:59Z", "9999-12-31T23:59:59.000Z"],
  ["9999-12-31T23:59:59-00:01", undefined],
  ["0000-01-01T00:00:00+00:01", undefined],
  ["+010000-01-01T00:00:00Z", undefined],
  ["yesterday", undefined],
])("writes %s as %s", (text, expected) => {
  expect(isoTime(Date.parse(text))).toBe(expected)
  expect(createdOf({ "org.opencontainers.image.created": text })).toBe(expected)
})
