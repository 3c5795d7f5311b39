// Results of an earlier look: what was told then is not told again, and when a finding was first seen is kept. They are the
// caller's own files; what they say decides about no image.
import { z } from "zod"
import { CsscError } from "../errors.js"
import type { Digest } from "../oci/digest.js"
import { digestSchema, timeSchema } from "../oci/document-parts.js"
import { checkSchema, parseJson } from "../oci/json.js"
import { judgements } from "../policy/verdict/verdict.js"
import type { FirstSights } from "./compare-snapshots.js"
import { monitoringSchemaId } from "./monitoring.js"
import { findingKey, type Snapshot } from "./snapshot.js"

export const maxEarlierBytes = 256 * 1024 * 1024
const maxImages = 10_000
const short = z.string().max(4000)

const findingSchema = z.object({
  id: short,
  package: short,
  severity: short,
  judgement: z.enum(judgements),
  platforms: z.array(short).max(1000),
  fixedIn: short.exactOptional(),
  firstSeen: timeSchema,
  atLatest: z.literal(true).exactOptional(),
})

const imageSchema = z.object({
  digest: digestSchema,
  outcome: short,
  passed: z.boolean(),
  evaluatedAt: timeSchema,
  reasons: z.array(short).max(1000),
  findings: z.array(findingSchema).max(200_000),
})

const documentSchema = z.object({
  schema: z.literal(monitoringSchemaId),
  repository: short,
  images: z.array(z.looseObject({ state: short })).max(maxImages),
})

export type EarlierImage = { readonly snapshot: Snapshot; readonly sights: FirstSights }
export type Earlier = ReadonlyMap<Digest, EarlierImage>

/** Reads result.json of an earlier `monitor` of the same repository; throws `REPORT_INVALID`. */
export function readEarlier(text: string, repository: string): Earlier {
  const what = "the earlier result"
  const value = parseJson(text, { code: "REPORT_INVALID", what, maxBytes: maxEarlierBytes, maxDepth: 20 })
  const document = checkSchema(documentSchema, value, "REPORT_INVALID", what)
  if (document.repository !== repository)
    throw new CsscError("REPORT_INVALID", `${what} is of ${document.repository}, expected ${repository}`)
  const read = document.images.filter(({ state }) => state !== "unread")
  return new Map(read.map((image) => entryOf(image, what)))
}

function entryOf(image: unknown, what: string): readonly [Digest, EarlierImage] {
  const { digest, findings, ...snapshot } = checkSchema(imageSchema, image, "REPORT_INVALID", what)
  const sights = findings.map(({ firstSeen, atLatest, ...one }) => {
    return [findingKey(one), { firstSeen, ...(atLatest === undefined ? {} : { atLatest }) }] as const
  })
  return [digest, { snapshot: { ...snapshot, findings }, sights: new Map(sights) }]
}
