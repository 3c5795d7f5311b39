// Attach: a statement that was made elsewhere, to an image and, if asked, to each of its platforms.
import { attestationBounds } from "../attestation/bounds.js"
import type { Signer } from "../attestation/signer.js"
import { readStatement, type Statement, subjectMatches } from "../attestation/statement.js"
import { emptyTrust } from "../attestation/trust-store.js"
import { CsscError } from "../errors.js"
import { artifactOf, type Evidence } from "../evidence/evidence.js"
import { ownPredicateTypes } from "../evidence/own-predicate-types.js"
import { canonicalJson } from "../findings/canonical-json.js"
import { readImage } from "../image/image-graph.js"
import { listAttached } from "../image/subjects.js"
import type { Digest } from "../oci/digest.js"
import { parseJson } from "../oci/json.js"
import { annotationKeys } from "../oci/media-types.js"
import { pinnedName, type PinnedReference } from "../oci/reference.js"
import type { Operation } from "../operation.js"
import { type AttachedEvidence, attachEvidence } from "./attach-evidence.js"

export type AttachResult = {
  readonly schema: "https://cssc.dev/attachment/v1"
  readonly image: string
  readonly digest: Digest
  readonly attached: readonly AttachedEvidence[]
}

export type AttachRequest = {
  readonly image: PinnedReference
  /** The text of an in-toto statement about the image. */
  readonly statement: string
  /** State the same about each of its platforms. */
  readonly platforms: boolean
}

/** The statement must be about the image; with `platforms` the same predicate is stated about each platform too. */
export async function attach(
  { registry, signer }: Pick<Operation, "registry" | "signer">,
  { image: reference, statement: text, platforms }: AttachRequest,
): Promise<AttachResult> {
  const parsed = parseJson(text, attestationBounds("the statement"))
  const statement = readStatement(parsed, "the statement")
  checkStatement(statement, reference, signer)
  const { manifest, platforms: all } = await readImage(registry, reference)
  const others = platforms ? all.map(({ digest }) => digest) : []
  // What was read is what is signed: bytes beside it could say something else to another reader.
  const whole = canonicalJson(parsed)
  const evidence = [...new Set([reference.digest, ...others])].map((subject) => {
    const content = subject === reference.digest ? whole : restated(statement, reference, subject)
    return evidenceOf(statement.predicateType, subject, content)
  })
  const already = await listAttached(registry, reference, manifest)
  const target = {
    registry,
    repository: reference,
    already,
    ...(signer === undefined ? {} : { signing: { signer, trust: emptyTrust } }),
  }
  return {
    schema: "https://cssc.dev/attachment/v1",
    image: pinnedName(reference),
    digest: reference.digest,
    attached: await attachEvidence(target, evidence),
  }
}

function checkStatement(statement: Statement, reference: PinnedReference, signer: Signer | undefined): void {
  const invalid = (why: string) => new CsscError("STATEMENT_INVALID", why)
  if (!subjectMatches(statement, reference.digest)) {
    const digests = statement.subject.map(({ digest }) => JSON.stringify(digest))
    const named = digests.slice(0, 3).join(", ")
    throw invalid(`the statement is about ${named}, not about ${pinnedName(reference)}: a reader would refuse it`)
  }
  // Signed by the gate's key they would be believed as the gate's own word, whoever wrote the file.
  if (signer !== undefined && ownPredicateTypes.has(statement.predicateType))
    throw invalid(
      `${statement.predicateType} is what this module itself says of an image it judged or acquired: the signing key signs none that comes from a file`,
    )
}

function restated(statement: Statement, { registry, repository }: PinnedReference, subject: Digest): string {
  const [algorithm = "", hex = ""] = subject.split(":")
  const about = { name: `${registry}/${repository}`, digest: { [algorithm]: hex } }
  return canonicalJson({ ...statement, subject: [about] })
}

function evidenceOf(predicateType: string, subject: Digest, content: string): Evidence {
  const annotations = { [annotationKeys.predicateType]: predicateType }
  return { subject, predicateType, artifact: artifactOf("statement.json", content, annotations) }
}
