// The small parts that the schemas of our own documents share.
import { z } from "zod"
import { type Digest, isDigest } from "./digest.js"

export const text = z.string().max(65_536)
export const digestSchema = z.custom<Digest>((value) => typeof value === "string" && isDigest(value), {
  error: "expected a digest such as sha256:<64 hex digits>",
})
/** ISO 8601 with a zone. */
export const timeSchema = z.iso.datetime({ offset: true })
