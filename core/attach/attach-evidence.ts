// Attaches evidence, each document once: the same statement about the same subject, times aside, is not attached again.
import { allEnded } from "../all-ended.js"
import { predicateTypes } from "../attestation/predicate-types.js"
import type { Signer } from "../attestation/signer.js"
import type { Statement } from "../attestation/statement.js"
import { emptyTrust, type TrustStore } from "../attestation/trust-store.js"
import type { Evidence } from "../evidence/evidence.js"
import { signArtifact } from "../evidence/sign-artifact.js"
import { readSoleStatement } from "../image/attached-statement.js"
import { newestOfType } from "../image/newest-of-type.js"
import type { Attached } from "../image/subjects.js"
import type { Digest } from "../oci/digest.js"
import { bare, type Repository } from "../oci/reference.js"
import type { Referrer } from "../oci/referrers.js"
import type { Registry } from "../ports.js"
import { ownNames } from "../trust.js"
import { findSummaries } from "./find-summaries.js"
import { relate } from "./relate-statements.js"

export type AttachedEvidence = {
  readonly subject: Digest
  readonly predicateType: string
  /** Digest of the referrer manifest. */
  readonly digest: Digest
  /** It was there already. */
  readonly existing: boolean
}

/** Where evidence goes, and what is there. */
export type EvidenceTarget = {
  readonly registry: Registry
  readonly repository: Repository
  readonly already: Attached
  readonly signing?: Signing
}

/**
 * Who signs what is attached, and whose signatures are ours; our summaries from before `renewBefore` do not count as there
 * already.
 */
export type Signing = { readonly signer: Signer; readonly trust: TrustStore; readonly renewBefore?: Date }

/** An attachment that says the same is looked for among so many of the newest ones of its type. */
const maxCompared = 50

/** Subjects side by side; the documents of one subject one after the other, else a referrers tag loses entries. */
export async function attachEvidence(
  target: EvidenceTarget,
  evidence: readonly Evidence[],
): Promise<readonly AttachedEvidence[]> {
  const subjects = [...new Set(evidence.map(({ subject }) => subject))]
  const attached = await allEnded(
    subjects.map(async (subject) => {
      const done: AttachedEvidence[] = []
      for (const one of evidence.filter((candidate) => candidate.subject === subject))
        done.push(await attachOne(target, one))
      return done
    }),
  )
  return attached.flat()
}

async function attachOne(target: EvidenceTarget, one: Evidence): Promise<AttachedEvidence> {
  const { registry, repository, already, signing } = target
  const { subject, predicateType, artifact } = one
  const listed = already.trees.filter((tree) => tree.subject === subject).flatMap(({ referrers }) => referrers)
  const reference = { ...bare(repository), digest: subject }
  const isSigned = predicateType === predicateTypes.verificationSummary && signing !== undefined
  const existing = await (isSigned ? findSummary({ ...target, signing }, one, listed) : findSame(target, one, listed))
  if (existing !== undefined) return { subject, predicateType, digest: existing, existing: true }
  const digest = await registry.attach(reference, await signArtifact(artifact, signing?.signer))
  return { subject, predicateType, digest, existing: false }
}

/** A signed summary that says the same, unless a newer one says the contrary: by the time that was signed. */
async function findSummary(
  { registry, repository, signing }: EvidenceTarget & { readonly signing: Signing },
  { subject, artifact }: Evidence,
  listed: readonly Referrer[],
): Promise<Digest | undefined> {
  const own = { registry, trust: signing.trust }
  const { found } = await findSummaries(own, { ...bare(repository), digest: subject }, listed)
  const ours = JSON.parse(artifact.content) as Statement
  const names = ownNames(signing.signer.trust)
  for (const { key, referrer, signed } of found) {
    const relation = relate(signed.statement, ours, signing.renewBefore)
    if (relation === "contrary") return undefined
    if (relation === "same" && names.includes(key)) return referrer
  }
  return undefined
}

async function findSame(
  target: EvidenceTarget,
  one: Evidence,
  listed: readonly Referrer[],
): Promise<Digest | undefined> {
  const candidates = newestOfType(listed, one.predicateType, maxCompared)
  const ours = JSON.parse(one.artifact.content) as Statement
  for (const candidate of candidates) {
    const there = await readOwn(target, candidate, one.artifact.content)
    const relation = there === undefined ? "other" : relate(there, ours, target.signing?.renewBefore)
    if (relation === "same") return candidate.digest
    if (relation === "contrary") return undefined
  }
  return undefined
}

// By content: an annotation that merely claims it would let a planted document stand in for ours. With a key, only what
// it signed counts: an unsigned document that says the same proves nothing.
async function readOwn(
  { registry, repository, signing }: EvidenceTarget,
  { digest }: Referrer,
  content: string,
): Promise<Statement | undefined> {
  // What says the same is not much larger, whatever envelope it came in.
  const maxBytes = 2 * Buffer.byteLength(content) + 8192
  const reader = { registry, trust: signing?.signer.trust ?? emptyTrust }
  const read = await readSoleStatement(reader, { ...bare(repository), digest }, undefined, maxBytes)
  if ("problem" in read || !read.about) return undefined
  return signing !== undefined && read.signature.status !== "verified" ? undefined : read.statement
}
