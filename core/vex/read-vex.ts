// VEX in any of its formats, bare or inside a statement, an envelope or a bundle. Reading one believes nothing.
import { attestationBounds, MAX_ATTESTATION_BYTES } from "../attestation/bounds.js"
import { matchesPredicateType, predicateTypes } from "../attestation/predicate-types.js"
import type { SignatureFact } from "../attestation/signature.js"
import { type Statement, subjectMatches } from "../attestation/statement.js"
import { unwrap } from "../attestation/unwrap.js"
import { CsscError } from "../errors.js"
import { type Digest, digestOf, parseDigest } from "../oci/digest.js"
import { foldedKeys } from "../oci/folded-keys.js"
import { isRecord, parseJson } from "../oci/json.js"
import { readCsafVex } from "./csaf-vex.js"
import { readCycloneDxVex } from "./cyclonedx-vex.js"
import { readOpenVex } from "./openvex.js"
import type { VexContent } from "./vex-content.js"
import type { VexDocument } from "./vex-document.js"

/** How much of one document is read. */
export const MAX_VEX_BYTES = MAX_ATTESTATION_BYTES

type Format = VexDocument["format"]
/** Where a document came from; `subject` is what it is attached to. */
export type VexOrigin = Pick<VexDocument, "origin" | "source" | "signature"> & { readonly subject?: Digest }

const marks: Record<Format, readonly string[]> = {
  openvex: ["@context"],
  cyclonedx: ["bomFormat"],
  csaf: ["document"],
}
const envelopeMarks = ["_type", "payloadType", "dsseEnvelope", "verificationMaterial"]

const types: Record<Format, readonly string[]> = {
  openvex: [predicateTypes.openvex],
  cyclonedx: [predicateTypes.cyclonedx, predicateTypes.cyclonedxVex],
  csaf: [predicateTypes.csaf],
}

const readers: Record<Format, (document: unknown, what: string) => VexContent> = {
  openvex: readOpenVex,
  cyclonedx: readCycloneDxVex,
  csaf: readCsafVex,
}

/** Reads a document that is already JSON; throws `VEX_INVALID` with all that is wrong, or `LIMIT_EXCEEDED`. */
export function readVex(document: unknown, what = "the VEX document"): VexContent {
  return readers[formatOf(document, what)](document, what)
}

/** Reads a document as stored: bare, or as the predicate of a statement, which may be enveloped. */
export function vexFromBytes(
  bytes: Uint8Array | string,
  { origin, source, subject, signature }: VexOrigin,
): VexDocument {
  const what = `the VEX document ${source}`
  const { content, about } = open(bytes, what, subject)
  return {
    ...content,
    digest: digestOf(bytes),
    origin,
    source,
    ...about,
    signature: { ...signature } satisfies SignatureFact,
  }
}

function open(bytes: Uint8Array | string, what: string, subject: Digest | undefined) {
  const value = parseJson(bytes, { ...attestationBounds(what), code: "VEX_INVALID", maxBytes: MAX_VEX_BYTES })
  const enveloped = isRecord(value) && foldedKeys(value, envelopeMarks).length > 0
  const about = subject === undefined ? {} : { subject }
  if (!enveloped) return { content: readVex(value, what), about }
  if (formatsOf(value).length > 0)
    throw invalid(what, "can be read in two ways: as a VEX document and as an envelope of one")
  const { statement, document } = unwrap(bytes, what)
  if (statement === undefined) throw invalid(what, "is neither a VEX document nor a statement that holds one")
  const format = formatOf(document, what)
  if (!types[format].some((type) => matchesPredicateType(type, statement.predicateType))) {
    throw invalid(what, `holds ${format} under the predicate type ${statement.predicateType.slice(0, 200)}`)
  }
  return { content: readers[format](document, what), about: { subject: subjectOf(statement, subject, what) } }
}

/** What a statement is about: what it is attached to; for a file its only subject, so that it speaks of nothing else. */
function subjectOf(statement: Statement, attachedTo: Digest | undefined, what: string): Digest {
  if (attachedTo !== undefined) {
    if (subjectMatches(statement, attachedTo)) return attachedTo
    throw invalid(what, `is attached to ${attachedTo}, but its statement is about something else`)
  }
  const digests = new Set(statement.subject.map(({ digest }) => digest["sha256"] ?? ""))
  const [only = ""] = digests
  if (digests.size > 1)
    throw invalid(what, `is about ${digests.size} subjects: pass its predicate, or one statement for each`)
  return parseDigest(`sha256:${only.toLowerCase()}`)
}

function formatsOf(document: unknown): Format[] {
  return isRecord(document)
    ? (Object.keys(marks) as Format[]).filter((format) => foldedKeys(document, marks[format]).length > 0)
    : []
}

/** A document that two readers could take for two things is refused. */
function formatOf(document: unknown, what: string): Format {
  const [format, second] = formatsOf(document)
  if (format === undefined) throw invalid(what, "is not recognised: expected OpenVEX, CycloneDX or CSAF 2.0 in JSON")
  if (second !== undefined) throw invalid(what, `can be read in two ways: as ${format} and ${second}`)
  return format
}

function invalid(what: string, why: string): CsscError {
  return new CsscError("VEX_INVALID", `${what} ${why}`)
}
