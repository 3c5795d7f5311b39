// How an image is judged: the caller says so, never a file.
import { predicateTypes, resolvePredicateType } from "../attestation/predicate-types.js"
import { CsscError } from "../errors.js"
import type { ScanMethod } from "../findings/assessment.js"

/** `predicateType` is the SBOM's, as a URI or cosign's short name; "" for CycloneDX, and without meaning for `image`. */
export type Judging = { readonly method: ScanMethod; readonly predicateType: string }

/** What `gate` does unless told otherwise. */
export const defaultJudging: Judging = { method: "sbom", predicateType: "" }

/**
 * How to judge again what a claim is about: as the caller says. A claim that one of our own keys signed says how we judged;
 * any other that was judged differently is refused, since whoever wrote it may have chosen what it finds.
 */
export function judgingOf(claimed: Judging, asked: Judging, signed: boolean): Judging {
  if (signed) return claimed
  const [theirs, ours] = [describe(claimed), describe(asked)]
  if (theirs === ours) return asked
  throw new CsscError(
    "VERDICT_UNTRUSTED",
    `the verdict file was judged by ${theirs}, and is judged here by ${ours}: a file does not choose, so say which method and predicate type you mean`,
  )
}

function describe({ method, predicateType }: Judging): string {
  if (method === "image") return "image"
  return `sbom of ${resolvePredicateType(predicateType === "" ? predicateTypes.cyclonedx : predicateType)}`
}
