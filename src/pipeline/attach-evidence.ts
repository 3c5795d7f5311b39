// Attaches evidence, each document once: the same statement about the same subject, times aside, is not attached again.
import type { Signer } from "../attestation/signer.js"
import { trustStore } from "../attestation/trust-store.js"
import { verifyDocument } from "../attestation/verify-document.js"
import { CsscError } from "../errors.js"
import { canonicalJson } from "../findings/canonical-json.js"
import type { Digest } from "../oci/digest.js"
import { annotationKeys } from "../oci/media-types.js"
import type { Reference, Repository } from "../oci/reference.js"
import type { Referrer } from "../oci/referrers.js"
import { readManifest } from "./read-manifest.js"
import type { Registry } from "./ports.js"
import { type Evidence, ownPredicateTypes } from "./promotion-evidence.js"
import { seal } from "./seal.js"
import type { Attached } from "./subjects.js"
import { ourselves } from "./trust.js"

export type AttachedEvidence = {
  readonly subject: Digest
  readonly predicateType: string
  /** Digest of the referrer manifest. */
  readonly digest: Digest
  /** It was there already. */
  readonly existing: boolean
}

/** Subjects side by side; the documents of one subject one after the other, else a referrers tag loses entries. */
export async function attachEvidence(
  registry: Registry,
  target: Reference,
  evidence: readonly Evidence[],
  already: Attached,
  signer?: Signer,
): Promise<readonly AttachedEvidence[]> {
  const subjects = [...new Set(evidence.map(({ subject }) => subject))]
  const attached = await Promise.all(
    subjects.map(async (subject) => {
      const done: AttachedEvidence[] = []
      for (const one of evidence.filter((candidate) => candidate.subject === subject))
        done.push(await attachOne(registry, target, one, already, signer))
      return done
    }),
  )
  return attached.flat()
}

async function attachOne(
  registry: Registry,
  target: Repository,
  { subject, predicateType, artifact }: Evidence,
  already: Attached,
  signer: Signer | undefined,
): Promise<AttachedEvidence> {
  const repository = { registry: target.registry, repository: target.repository }
  const candidates = already.trees
    .filter((tree) => tree.subject === subject)
    .flatMap(({ referrers }) => referrers)
    .filter(({ annotations }) => annotations[annotationKeys.predicateType] === predicateType)
  for (const candidate of candidates) {
    if (await saysTheSame(registry, repository, candidate, artifact.content, signer))
      return { subject, predicateType, digest: candidate.digest, existing: true }
  }
  const digest = await registry.attach({ ...repository, digest: subject }, seal(artifact, signer))
  return { subject, predicateType, digest, existing: false }
}

// By content: an annotation that merely claims it would let a planted document stand in for ours. With a key, only what
// it signed counts: an unsigned document that says the same proves nothing.
async function saysTheSame(
  registry: Registry,
  repository: Repository,
  candidate: Referrer,
  content: string,
  signer: Signer | undefined,
): Promise<boolean> {
  try {
    const manifest = await readManifest(registry, { ...repository, digest: candidate.digest })
    const [layer, ...more] = manifest.kind === "image" ? manifest.layers : []
    if (layer === undefined || more.length > 0 || layer.size > 2 * Buffer.byteLength(content) + 8192) return false
    const own = signer === undefined ? [] : [{ ...signer.publicKey, publisher: ourselves }]
    const bytes = await registry.blob(repository, layer)
    const { statement, signature } = verifyDocument(bytes, trustStore({ keys: own }), "the attachment")
    if (statement === undefined || (signer !== undefined && signature.status !== "verified")) return false
    const ours: unknown = JSON.parse(content)
    // Only of our own documents is it known which parts tell the time.
    if (!ownPredicateTypes.has(statement.predicateType)) return canonicalJson(statement) === canonicalJson(ours)
    return timeless(statement) === timeless(ours)
  } catch (error) {
    if (error instanceof CsscError && /^(MANIFEST|STATEMENT|LIMIT|DIGEST)/.test(error.code)) return false
    throw error
  }
}

// What differs between two runs that found the same. `report` and `assessment` are digests of documents with times;
// what is in them is in the vulnerability statement and in the verdict, and compared there.
const timeKeys: ReadonlySet<string> = new Set([
  ...["scanStartedOn", "scanFinishedOn", "evaluatedAt", "timeVerified", "CreatedAt", "ReportID", "invocation"],
  ...["report", "assessment"],
])

function timeless(statement: unknown): string {
  return canonicalJson(
    JSON.parse(JSON.stringify(statement, (key, value: unknown) => (timeKeys.has(key) ? undefined : value))),
  )
}
