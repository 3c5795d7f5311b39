// One candidate: whether it is an SBOM of the wanted type, about the wanted platform, that can be used.
import { isOfItsOwnType, statedPredicateType } from "../attestation/document-candidates.js"
import { madeAt } from "../attestation/made-at.js"
import {
  matchesPredicateType,
  predicateTypes,
  samePredicateFamily,
  sbomFormat,
} from "../attestation/predicate-types.js"
import { type SignatureFact, unsigned } from "../attestation/signature.js"
import { subjectMatches } from "../attestation/statement.js"
import { unwrap, type Unwrapped } from "../attestation/unwrap.js"
import { CsscError } from "../errors.js"
import type { Problem, ProblemCode } from "../findings/assessment.js"
import { createdOf } from "../oci/created.js"
import { matchesDigest } from "../oci/digest.js"
import { isAttestation } from "../oci/media-types.js"
import { isEmptySbom, packagesOf, parseSbom, type Sbom } from "./sbom.js"
import type { SbomCandidate, SelectedSbom, WantedSbom } from "./sbom-candidate.js"

export type ReadSbom = {
  readonly selected: SelectedSbom
  readonly signature: SignatureFact
  /** Somebody signed it whose word counts for this image. */
  readonly trusted: boolean
  /** Milliseconds since 1970 as the manifest and the document state it, the older of the two; 0 without a date. */
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
    return mangled(candidate, `it has no layer ${blob}`)
  }
  if (!matchesDigest(content, blob)) return mangled(candidate, `its content is not that of ${blob}`)
  if (!isAnnounced(candidate) && !mentionsSbom(content)) return { problems: [] }
  return checkDocument(candidate, unwrap(content, nameOf(candidate)), wanted)
}

/** Something says that it may be an SBOM; else it is any JSON that somebody attached under a type of their own. */
function isAnnounced({ manifest, blob }: SbomCandidate): boolean {
  const layer = manifest.layers.find(({ digest }) => digest === blob)
  const typed = layer !== undefined && (isAttestation(layer.mediaType) || announcedBy(layer) !== undefined)
  return typed || announcedBy(manifest) !== undefined || !isOfItsOwnType(manifest.artifactType)
}

function announcedBy({ annotations }: { readonly annotations: Readonly<Record<string, string>> }): string | undefined {
  return statedPredicateType(annotations)
}

function mentionsSbom(content: Uint8Array | string): boolean {
  const text = typeof content === "string" ? content : Buffer.from(content).toString("utf8")
  // A key may hide behind escapes.
  const plain = text.replace(/\\u([0-9a-f]{4})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return /bomFormat|spdxVersion/i.test(plain)
}

function checkDocument(candidate: SbomCandidate, unwrapped: Unwrapped, wanted: WantedSbom): Result {
  const predicateType = typeOf(unwrapped)
  const stated = announcedType(candidate)
  const misannounced = stated !== undefined && !samePredicateFamily(stated, predicateType)
  const lie = `it is announced as ${stated} and holds ${predicateType}`
  if (!matchesPredicateType(wanted.predicateType, predicateType)) {
    const expected = misannounced && matchesPredicateType(wanted.predicateType, stated)
    return expected ? refuse(candidate, "SBOM_UNREADABLE", lie, unsigned) : { problems: [] }
  }
  const foreign = foreignSubject(candidate, unwrapped, wanted)
  if (foreign) return refuse(candidate, "SBOM_FOREIGN_SUBJECT", foreign, unsigned)
  const sbom = parseSbom(unwrapped.document, nameOf(candidate))
  const format = sbomFormat(predicateType)
  if (format !== undefined && format !== sbom.format) {
    return refuse(candidate, "SBOM_UNREADABLE", `its type is ${predicateType}, but it is ${sbom.format}`)
  }
  if (isEmptySbom(sbom)) return refuse(candidate, "SBOM_EMPTY", "it lists no packages")
  const problems = misannounced ? refuse(candidate, "SBOM_AMBIGUOUS", lie, unsigned).problems : []
  return { sbom: accept(candidate, unwrapped, predicateType, sbom, wanted), problems }
}

function accept(
  candidate: SbomCandidate,
  unwrapped: Unwrapped,
  predicateType: string,
  sbom: Sbom,
  { isTrusted }: WantedSbom,
): ReadSbom {
  const { referrer, blob, manifest, signature } = candidate
  const { envelope, document } = unwrapped
  const components = packagesOf(sbom).length
  const made = madeAt(createdOf(manifest.annotations), unwrapped)
  const source = {
    ...{ predicateType, referrer, blob, envelope, format: sbom.format, components, signature },
    ...(made === undefined ? {} : { created: made }),
  }
  const created = made === undefined ? 0 : Date.parse(made)
  return { selected: { source, sbom, document }, signature, trusted: isTrusted(signature), created }
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

/** The registry answers with something else than what was attached: that is no fault of the attachment. */
function mangled(candidate: SbomCandidate, reason: string): Result {
  const { problems } = refuse(candidate, "SBOM_UNREADABLE", reason)
  return { problems: problems.map(({ code, message }) => ({ code, message })) }
}

/** Where it was put and how it is announced is in manifests, which a signature on the document does not cover. */
function refuse(candidate: SbomCandidate, code: ProblemCode, reason: string, by = candidate.signature): Result {
  return { problems: [{ code, message: `SBOM ${candidate.referrer} is not usable: ${reason}`, signature: by }] }
}
