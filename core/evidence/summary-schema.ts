// A verification summary when it is read again. https://slsa.dev/spec/v1.1/verification_summary
import { z } from "zod"
import type { Digest } from "../oci/digest.js"
import { isDigest } from "../oci/digest.js"

const text = z.string().max(4096)
const resource = z.object({ uri: text, digest: z.record(z.string().max(64), z.string().max(256)) })

export const summarySchema = z.object({
  verifier: z.object({ id: text }),
  timeVerified: z.iso.datetime({ offset: true }),
  resourceUri: text,
  policy: resource,
  inputAttestations: z.array(resource).max(1000).default([]),
  verificationResult: z.enum(["PASSED", "FAILED"]),
  verifiedLevels: z.array(text).max(100),
})

export type ReadSummary = z.infer<typeof summarySchema>

/** The digest of a resource descriptor, if it names one that we know. */
export function digestOfResource({
  digest,
}: {
  readonly digest: Readonly<Record<string, string>>
}): Digest | undefined {
  const text = Object.hasOwn(digest, "sha256") ? `sha256:${digest["sha256"]}` : `sha512:${digest["sha512"] ?? ""}`
  return isDigest(text) ? text : undefined
}
