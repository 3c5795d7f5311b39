// Attach: a statement that was made elsewhere, to an image and, if asked, to each of its platforms.
import type { Signer } from "../attestation/signer.js"
import { readStatement } from "../attestation/statement.js"
import { attestationBounds } from "../attestation/bounds.js"
import { subjectMatches } from "../attestation/statement.js"
import { CsscError } from "../errors.js"
import { canonicalJson } from "../findings/canonical-json.js"
import type { Digest } from "../oci/digest.js"
import { parseJson } from "../oci/json.js"
import { annotationKeys, mediaTypes } from "../oci/media-types.js"
import { pinnedName, type PinnedReference } from "../oci/reference.js"
import { attachEvidence, type AttachedEvidence } from "./attach-evidence.js"
import { readImage } from "./image-graph.js"
import type { Registry } from "./ports.js"
import { listAttached } from "./subjects.js"

export type AttachResult = {
  readonly schema: "https://cssc.dev/attachment/v1"
  readonly image: string
  readonly digest: Digest
  readonly attached: readonly AttachedEvidence[]
}

/** The statement must be about the image; with `platforms` the same predicate is stated about each platform too. */
export async function attach(
  registry: Registry,
  reference: PinnedReference,
  text: string,
  platforms: boolean,
  signer?: Signer,
): Promise<AttachResult> {
  const statement = readStatement(parseJson(text, attestationBounds("the statement")), "the statement")
  if (!subjectMatches(statement, reference.digest)) {
    const named = statement.subject
      .map(({ digest }) => JSON.stringify(digest))
      .slice(0, 3)
      .join(", ")
    throw new CsscError(
      "STATEMENT_INVALID",
      `the statement is about ${named}, not about ${pinnedName(reference)}: a reader would refuse it`,
    )
  }
  const { manifest, platforms: all } = await readImage(registry, reference)
  const subjects = [
    reference.digest,
    ...(platforms ? all.map(({ digest }) => digest).filter((digest) => digest !== reference.digest) : []),
  ]
  const evidence = [...new Set(subjects)].map((subject) => {
    const [algorithm = "", hex = ""] = subject.split(":")
    const about =
      subject === reference.digest
        ? text
        : canonicalJson({
            ...statement,
            subject: [{ name: `${reference.registry}/${reference.repository}`, digest: { [algorithm]: hex } }],
          })
    const annotations = { [annotationKeys.predicateType]: statement.predicateType }
    const artifact = {
      artifactType: mediaTypes.inToto,
      fileName: "statement.json",
      mediaType: mediaTypes.inToto,
      content: about,
      annotations,
      layerAnnotations: annotations,
    }
    return { subject, predicateType: statement.predicateType, artifact }
  })
  const already = await listAttached(registry, reference, manifest)
  return {
    schema: "https://cssc.dev/attachment/v1",
    image: pinnedName(reference),
    digest: reference.digest,
    attached: await attachEvidence(registry, reference, evidence, already, signer),
  }
}
