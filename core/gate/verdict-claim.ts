// A verdict that comes as a file: anyone can write one, so it only says what to judge again. It must be fresh, must
// have passed, and what is found now must be the same or better.
import { z } from "zod"
import { CsscError } from "../errors.js"
import { digestSchema } from "../oci/descriptor.js"
import { checkSchema, parseJson } from "../oci/json.js"
import { parseReference, pinnedName, type PinnedReference, type Repository, repositoryName } from "../oci/reference.js"
import type { Operation } from "../operation.js"
import { maxClockSkew } from "../policy/judge/clock-skew.js"
import type { Verdict } from "../policy/verdict/verdict.js"
import { type Judging, judgingOf } from "./judging.js"
import { MAX_VERDICT_BYTES, type VerdictFile } from "./verdict-file.js"

const what = "the verdict file"

const claimSchema = z.object({
  schema: z.literal("https://cssc.dev/verdict/v1"),
  outcome: z.string(),
  passed: z.boolean(),
  image: z.object({ reference: z.string(), digest: digestSchema }),
  method: z.enum(["image", "sbom"]),
  predicateType: z.string().optional(),
  evaluatedAt: z.iso.datetime(),
  remaining: z.array(z.string()),
  override: z.unknown().optional(),
})

export type ClaimRequest = {
  readonly file: Pick<VerdictFile, "text" | "signed">
  /** The repository that it must be about. */
  readonly source: Repository
  /** How the caller wants it judged. */
  readonly judging: Judging
}

export type Claim = Judging & {
  readonly image: PinnedReference
  readonly remaining: readonly string[]
  /** It says that somebody overrode it: in a file without a signature that counts for nothing. */
  readonly overridden: boolean
}

/**
 * Reads a claim about an image of one repository; throws `VERDICT_UNTRUSTED`, `VERDICT_STALE` or `GATE_BLOCKED`. The
 * caller says which repository: else a forged file could bring any image that scans clean under a trusted name.
 */
export function claimOf({ policy, now }: Pick<Operation, "policy" | "now">, request: ClaimRequest): Claim {
  const { claim, image } = readClaim(request)
  if (!claim.passed || claim.outcome !== "promote")
    throw new CsscError("GATE_BLOCKED", `the verdict on ${pinnedName(image)} is "${claim.outcome}": nothing to promote`)
  const age = now().getTime() - Date.parse(claim.evaluatedAt)
  if (age < -maxClockSkew)
    throw new CsscError("VERDICT_UNTRUSTED", `${what} is of ${claim.evaluatedAt}, which is in the future`)
  if (age > policy.verdict.maxAge)
    throw new CsscError(
      "VERDICT_STALE",
      `the verdict on ${pinnedName(image)} is of ${claim.evaluatedAt}, older than the policy's verdict.max-age: gate it again`,
    )
  return toClaim(claim, image, request)
}

/** Reads a claim about an image that did not pass: what an override is asked for. */
export function blockedClaim(request: ClaimRequest): Claim {
  const { claim, image } = readClaim(request)
  if (!claim.passed) return toClaim(claim, image, request)
  throw new CsscError("OVERRIDE_REFUSED", `the verdict on ${pinnedName(image)} passed: there is nothing to override`)
}

function readClaim({ file, source }: ClaimRequest) {
  const value = parseJson(file.text, { code: "VERDICT_UNTRUSTED", what, maxBytes: MAX_VERDICT_BYTES, maxDepth: 64 })
  const claim = checkSchema(claimSchema, value, "VERDICT_UNTRUSTED", what)
  const { digest, ...reference } = parseReference(claim.image.reference)
  if (digest !== claim.image.digest)
    throw new CsscError(
      "VERDICT_UNTRUSTED",
      `${what} names two digests: ${digest ?? "none"} in its reference and ${claim.image.digest} beside it`,
    )
  const image: PinnedReference = { ...reference, digest: claim.image.digest }
  if (repositoryName(image) !== repositoryName(source))
    throw new CsscError(
      "VERDICT_UNTRUSTED",
      `${what} is about ${pinnedName(image)}, not about an image of ${repositoryName(source)}: nothing was promoted`,
    )
  return { claim, image }
}

function toClaim(claim: z.infer<typeof claimSchema>, image: PinnedReference, request: ClaimRequest): Claim {
  const { method, predicateType = "", remaining, override } = claim
  const judging = judgingOf({ method, predicateType }, request.judging, request.file.signed !== undefined)
  return { image, ...judging, remaining, overridden: override !== undefined }
}

/** What was derived now must have passed, and must block nothing that the claim does not know. */
export function requireClaimHolds(claim: Claim, now: Verdict): void {
  const worse = now.remaining.filter((id) => !claim.remaining.includes(id))
  if (now.passed && worse.length === 0 && now.image.digest === claim.image.digest) return
  const why =
    now.reasons.filter(({ effect }) => effect === "block").map(({ message }) => message)[0] ?? worse.join(", ")
  const lost = claim.overridden && now.override === undefined
  const hint = lost
    ? "; the override in it counts only in a file that a trusted key signed: sign it, or override again"
    : ""
  throw new CsscError(
    "VERDICT_UNTRUSTED",
    `the verdict file says that ${pinnedName(claim.image)} passed, but judged again now it is "${now.outcome}" (${why}): nothing was promoted${hint}`,
  )
}
