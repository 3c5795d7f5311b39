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
  const [theirs, ours] = [claimed, asked].map(resolved) as [Judging, Judging]
  if (signed || describe(theirs) === describe(ours)) return signed ? theirs : ours
  throw new CsscError(
    "VERDICT_UNTRUSTED",
    `the verdict file was judged by ${describe(theirs)}, and is judged here by ${describe(ours)}: a file does not choose, so say which method and predicate type you mean`,
  )
}

function resolved({ method, predicateType }: Judging): Judging {
  if (method === "image") return { method, predicateType: "" }
  return {
    method,
    predicateType: resolvePredicateType(predicateType === "" ? predicateTypes.cyclonedx : predicateType),
  }
}

function describe({ method, predicateType }: Judging): string {
  return method === "image" ? method : `${method} of type ${predicateType}`
}
