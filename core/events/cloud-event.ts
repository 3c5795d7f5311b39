// One event by CloudEvents 1.0. https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md
import { createHash } from "node:crypto"
import { canonicalJson } from "../findings/canonical-json.js"

export type CloudEvent = {
  readonly specversion: "1.0"
  /** With `source` the identity of the event. */
  readonly id: string
  readonly source: string
  readonly type: string
  readonly subject: string
  /** When it happened, where that is known; no part of the id. */
  readonly time?: string
  readonly datacontenttype: "application/json"
  readonly data: Readonly<Record<string, unknown>>
}

export type Fact = Pick<CloudEvent, "source" | "type" | "subject" | "data" | "time">

/** The same facts are the same event, whoever tells them and when. */
export function eventOf({ time, ...facts }: Fact): CloudEvent {
  const { source, type, subject, data } = facts
  return {
    specversion: "1.0",
    id: factId(canonicalJson([type, source, subject, data])),
    ...{ source, type, subject, data, datacontenttype: "application/json" },
    ...(time === undefined ? {} : { time }),
  }
}

/** A UUID of version 8: the first bits of a SHA-256. https://www.rfc-editor.org/rfc/rfc9562#section-5.8 */
export function factId(text: string): string {
  const bytes = createHash("sha256").update(text).digest().subarray(0, 16)
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6)
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8)
  const hex = bytes.toString("hex")
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-")
}
