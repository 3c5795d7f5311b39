// One candidate: whether it is an SBOM of the wanted type, about the wanted platform, that can be used.
import {
  matchesPredicateType,
  predicateTypes,
  samePredicateFamily,
  sbomFormat,
} from "../attestation/predicate-types.js"
import { subjectMatches } from "../attestation/statement.js"
import { type Unwrapped, unwrap } from "../attestation/unwrap.js"
import { CsscError } from "../errors.js"
import type { Problem, ProblemCode } from "../findings/assessment.js"
import { createdOf } from "../oci/created.js"
import { matchesDigest } from "../oci/digest.js"
import { statedPredicateType } from "./sbom-candidates.js"
import { type Sbom, isEmptySbom, packagesOf, parseSbom } from "./sbom.js"
import type { SbomCandidate, SelectedSbom, WantedSbom } from "./select-sbom.js"

export type ReadSbom = {
  readonly selected: SelectedSbom
  /** A trusted key signed it. */
  readonly verified: boolean
  /** Milliseconds since 1970 as the manifest states it; 0 without a date. */
  readonly created: number
}

type Result = { readonly sbom?: ReadSbom; readonly problems: readonly Problem[] }

/** Reads a candidate; neither an SBOM nor a problem means that it is of another type. */
export function readCandidate(candidate: SbomCandidate, wanted: WantedSbom): Result {
  try {
    return check(candidate, wanted)
  } catch (error) {
    if (!(error instanceof CsscError)) throw error
    return refuse(candidate, "SBOM_UNREADABLE", error.message)
  }
}

function check(candidate: SbomCandidate, wanted: WantedSbom): Result {
  const { content, blob } = candidate
  if (typeof content === "object" && "error" in content) return refuse(candidate, "SBOM_UNREADABLE", content.error)
  if (!candidate.manifest.layers.some((layer) => layer.digest === blob)) {
    return refuse(candidate, "SBOM_UNREADABLE", `it has no layer ${blob}`)
  }
  if (!matchesDigest(content, blob)) return refuse(candidate, "SBOM_UNREADABLE", `its content is not that of ${blob}`)
  return checkDocument(candidate, unwrap(content, nameOf(candidate)), wanted)
}

function checkDocument(candidate: SbomCandidate, unwrapped: Unwrapped, wanted: WantedSbom): Result {
  const predicateType = typeOf(unwrapped)
  const stated = announcedType(candidate)
  const misannounced = stated !== undefined && !samePredicateFamily(stated, predicateType)
  const lie = `it is announced as ${stated} and holds ${predicateType}`
  if (!matchesPredicateType(wanted.predicateType, predicateType)) {
    const expected = misannounced && matchesPredicateType(wanted.predicateType, stated)
    return expected ? refuse(candidate, "SBOM_UNREADABLE", lie) : { problems: [] }
  }
  const foreign = foreignSubject(candidate, unwrapped, wanted)
  if (foreign) return refuse(candidate, "SBOM_FOREIGN_SUBJECT", foreign)
  const sbom = parseSbom(unwrapped.document, nameOf(candidate))
  const format = sbomFormat(predicateType)
  if (format !== undefined && format !== sbom.format) {
    return refuse(candidate, "SBOM_UNREADABLE", `its type is ${predicateType}, but it is ${sbom.format}`)
  }
  if (isEmptySbom(sbom)) return refuse(candidate, "SBOM_EMPTY", "it lists no packages")
  const problems = misannounced ? refuse(candidate, "SBOM_AMBIGUOUS", lie).problems : []
  return { sbom: accept(candidate, unwrapped, predicateType, sbom), problems }
}

function accept(candidate: SbomCandidate, unwrapped: Unwrapped, predicateType: string, sbom: Sbom): ReadSbom {
  const { referrer, blob, manifest } = candidate
  const { envelope, document } = unwrapped
  const components = packagesOf(sbom).length
  const made = createdOf(manifest.annotations)
  const source = {
    ...{ predicateType, referrer, blob, envelope, format: sbom.format, components, signature: candidate.signature },
    ...(made === undefined ? {} : { created: made }),
  }
  const verified = candidate.signature.status === "verified"
  return { selected: { source, sbom, document }, verified, created: made === undefined ? 0 : Date.parse(made) }
}

/** Why a candidate is not about the platform, if it is not. The manifest and the statement must both name it. */
function foreignSubject(
  { manifest, attachedTo }: SbomCandidate,
  { statement }: Unwrapped,
  wanted: WantedSbom,
): string | undefined {
  const subject = manifest.subject?.digest ?? attachedTo
  if (subject !== wanted.platformDigest)
    return `it is attached to ${subject ?? "nothing"}, expected ${wanted.platformDigest}`
  if (statement === undefined || subjectMatches(statement, wanted.platformDigest)) return undefined
  const named = statement.subject.slice(0, 3).map((entry) => JSON.stringify(entry.digest))
  return `its statement is about ${named.join(", ")}, expected ${wanted.platformDigest}`
}

/** The statement's type; of a bare document, the type of its format. */
function typeOf({ statement, document }: Unwrapped): string {
  if (statement) return statement.predicateType
  return "bomFormat" in (document as object) ? predicateTypes.cyclonedx : predicateTypes.spdx
}

function announcedType({ manifest, blob }: SbomCandidate): string | undefined {
  const layer = manifest.layers.find(({ digest }) => digest === blob)
  const whole = manifest.layers.length === 1 ? statedPredicateType(manifest.annotations) : undefined
  return (layer && statedPredicateType(layer.annotations)) ?? whole
}

function nameOf({ blob, referrer }: SbomCandidate): string {
  return `the blob ${blob} of referrer ${referrer}`
}

function refuse({ referrer }: SbomCandidate, code: ProblemCode, reason: string): Result {
  return { problems: [{ code, message: `SBOM ${referrer} is not usable: ${reason}` }] }
}
