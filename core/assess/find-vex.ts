// VEX documents about an image: attached to it or its platforms, or passed by the caller. All are read, none is judged:
// whose word counts is the policy's business.
import { predicateTypes } from "../attestation/predicate-types.js"
import { type SignatureFact, unsigned } from "../attestation/signature.js"
import type { TrustStore } from "../attestation/trust-store.js"
import { verifyDocument } from "../attestation/verify-document.js"
import { contentFailure, CsscError } from "../errors.js"
import {
  type AttachedDocument,
  attestationTag,
  listReferrers,
  placesOf,
  readPlace,
  type VerifyingReader,
} from "../image/attached-documents.js"
import { readStatementIn } from "../image/attached-statement.js"
import { imageDigests, type ImageGraph } from "../image/image-graph.js"
import { type Digest } from "../oci/digest.js"
import type { PinnedReference } from "../oci/reference.js"
import { vexFromBytes, type VexOrigin } from "../vex/read-vex.js"
import type { VexDocument, VexProblem } from "../vex/vex-document.js"

/** A VEX document that the caller passes. */
export type VexFile = { readonly name: string; readonly text: string }
export type FoundVex = { readonly documents: readonly VexDocument[]; readonly problems: readonly VexProblem[] }

/** Documents looked at for one image; more are an attack on the reader. */
export const MAX_VEX_DOCUMENTS = 200
const vexTypes = [predicateTypes.openvex, predicateTypes.cyclonedxVex, predicateTypes.csaf]

/** What is attached to the index and to each platform. */
export async function findAttachedVex(reader: VerifyingReader, graph: ImageGraph): Promise<FoundVex> {
  const { reference, manifest } = graph
  const found = await Promise.all(
    imageDigests(graph).map((digest) => readSubject(reader, { ...reference, digest }, manifest)),
  )
  const documents = found.flatMap((one) => one.documents)
  if (documents.length > MAX_VEX_DOCUMENTS)
    throw new CsscError("LIMIT_EXCEEDED", `more than ${MAX_VEX_DOCUMENTS} VEX documents are attached to the image`)
  return { documents, problems: found.flatMap((one) => one.problems) }
}

/** What the caller passes: read whole, whatever is in it. */
export function readVexFiles(files: readonly VexFile[], trust: TrustStore): FoundVex {
  const read = files.map(({ name, text }) => {
    const origin = { origin: "file", source: name, signature: signatureOf(text, trust) } as const
    return attempt(origin, () => vexFromBytes(text, origin))
  })
  return merge(read)
}

async function readSubject(
  reader: VerifyingReader,
  subject: PinnedReference,
  image: ImageGraph["manifest"],
): Promise<FoundVex> {
  const tree = await listReferrers(reader.registry, subject, image)
  const tagged = await attestationTag(reader.registry, subject)
  const read = await Promise.all(
    vexTypes.flatMap((type) => {
      const places = [...(tree === undefined ? [] : placesOf(tree, image, type)), ...tagged]
      return places.map(async (place) => {
        const { documents, problem } = await readPlace(reader, subject, place, type)
        const told = problem === undefined ? [] : [{ source: place.digest, message: problem }]
        return merge([
          ...documents.map((one) => readAttached(reader, one, subject.digest)),
          { documents: [], problems: told },
        ])
      })
    }),
  )
  return unique(merge(read))
}

function readAttached({ trust }: VerifyingReader, document: AttachedDocument, subject: Digest): FoundVex {
  const { content, referrer, signature } = document
  const read = readStatementIn(document, subject, trust)
  const origin = { origin: "referrer", source: referrer, subject, signature } as const
  const unusable = (message: string) => ({ documents: [], problems: [{ ...origin, message }] })
  if ("problem" in read) return unusable(read.problem)
  // Of another kind: an untyped attachment had to be looked into to know.
  if (read.statement === undefined || !isVexType(read.statement.predicateType)) return { documents: [], problems: [] }
  if (!read.about) return unusable(`it is attached to ${subject}, but its statement is about something else`)
  if (!(content instanceof Uint8Array)) return unusable(content.error)
  return attempt(origin, () => vexFromBytes(content, origin))
}

function isVexType(type: string): boolean {
  return vexTypes.some((wanted) => type === wanted || type.startsWith(`${wanted}/`))
}

// Whose it is counts even when it cannot be read: it may take something back.
function attempt(origin: VexOrigin, read: () => VexDocument): FoundVex {
  try {
    return { documents: [read()], problems: [] }
  } catch (error) {
    return { documents: [], problems: [{ ...origin, message: contentFailure(error).reason }] }
  }
}

function signatureOf(text: string, trust: TrustStore): SignatureFact {
  try {
    return verifyDocument(text, trust, "the VEX document").signature
  } catch (error) {
    contentFailure(error) // whoever reads the document says what is wrong with it
    return unsigned
  }
}

function merge(found: readonly FoundVex[]): FoundVex {
  return { documents: found.flatMap((one) => one.documents), problems: found.flatMap((one) => one.problems) }
}

// An untyped place is looked into once for each type.
function unique({ documents, problems }: FoundVex): FoundVex {
  const key = ({ source, digest }: VexDocument) => `${source} ${digest}`
  const told = ({ source, message }: VexProblem) => `${source} ${message}`
  return {
    documents: [...new Map(documents.map((one) => [key(one), one])).values()],
    problems: [...new Map(problems.map((one) => [told(one), one])).values()],
  }
}
