// Attaches evidence, each document once: the same statement about the same subject, times aside, is not attached again.
import type { Signer } from "../attestation/signer.js"
import type { Statement } from "../attestation/statement.js"
import { trustStore } from "../attestation/trust-store.js"
import { verifyDocument } from "../attestation/verify-document.js"
import { CsscError } from "../errors.js"
import { compareText } from "../findings/canonical-json.js"
import type { Digest } from "../oci/digest.js"
import { annotationKeys } from "../oci/media-types.js"
import type { Reference, Repository } from "../oci/reference.js"
import type { Referrer } from "../oci/referrers.js"
import { readManifest } from "../image/read-manifest.js"
import type { Registry } from "../ports.js"
import type { Evidence } from "../evidence/evidence.js"
import { relate } from "./relate-statements.js"
import { signArtifact } from "../evidence/sign-artifact.js"
import type { Attached } from "../image/subjects.js"
import { ourselves } from "../trust.js"

export type AttachedEvidence = {
  readonly subject: Digest
  readonly predicateType: string
  /** Digest of the referrer manifest. */
  readonly digest: Digest
  /** It was there already. */
  readonly existing: boolean
}

/** Signs what is attached; our summaries from before `renewBefore` do not count as there already. */
export type Sealing = { readonly signer: Signer; readonly renewBefore?: Date }

/** An attachment that says the same is looked for among so many of the newest ones of its type. */
const maxCompared = 50

/** Subjects side by side; the documents of one subject one after the other, else a referrers tag loses entries. */
export async function attachEvidence(
  registry: Registry,
  target: Reference,
  evidence: readonly Evidence[],
  already: Attached,
  sealing?: Sealing,
): Promise<readonly AttachedEvidence[]> {
  const subjects = [...new Set(evidence.map(({ subject }) => subject))]
  const attached = await Promise.all(
    subjects.map(async (subject) => {
      const done: AttachedEvidence[] = []
      for (const one of evidence.filter((candidate) => candidate.subject === subject))
        done.push(await attachOne(registry, target, one, already, sealing))
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
  sealing: Sealing | undefined,
): Promise<AttachedEvidence> {
  const repository = { registry: target.registry, repository: target.repository }
  const candidates = already.trees
    .filter((tree) => tree.subject === subject)
    .flatMap(({ referrers }) => referrers)
    .filter(({ annotations }) => annotations[annotationKeys.predicateType] === predicateType)
    .sort((a, b) => compareText(createdOf(b), createdOf(a)))
    .slice(0, maxCompared)
  const ours = JSON.parse(artifact.content) as Statement
  for (const candidate of candidates) {
    const there = await readOwn(registry, repository, candidate, artifact.content, sealing)
    const relation = there === undefined ? "other" : relate(there, ours, sealing?.renewBefore)
    if (relation === "same") return { subject, predicateType, digest: candidate.digest, existing: true }
    if (relation === "contrary") break
  }
  const digest = await registry.attach({ ...repository, digest: subject }, signArtifact(artifact, sealing?.signer))
  return { subject, predicateType, digest, existing: false }
}

// By content: an annotation that merely claims it would let a planted document stand in for ours. With a key, only what
// it signed counts: an unsigned document that says the same proves nothing.
async function readOwn(
  registry: Registry,
  repository: Repository,
  candidate: Referrer,
  content: string,
  sealing: Sealing | undefined,
): Promise<Statement | undefined> {
  try {
    const manifest = await readManifest(registry, { ...repository, digest: candidate.digest })
    const [layer, ...more] = manifest.kind === "image" ? manifest.layers : []
    if (layer === undefined || more.length > 0 || layer.size > 2 * Buffer.byteLength(content) + 8192) return undefined
    const own = sealing === undefined ? [] : [{ ...sealing.signer.publicKey, publisher: ourselves }]
    const bytes = await registry.blob(repository, layer)
    const { statement, signature } = verifyDocument(bytes, trustStore({ keys: own }), "the attachment")
    return sealing !== undefined && signature.status !== "verified" ? undefined : statement
  } catch (error) {
    if (error instanceof CsscError && /^(MANIFEST|STATEMENT|LIMIT|DIGEST)/.test(error.code)) return undefined
    throw error
  }
}

function createdOf({ annotations }: Referrer): string {
  return annotations[annotationKeys.created] ?? ""
}
