// Attaches evidence, each document once: the same statement about the same subject, times aside, is not attached again.
import { unwrap } from "../attestation/unwrap.js"
import { CsscError } from "../errors.js"
import { canonicalJson } from "../findings/canonical-json.js"
import type { Digest } from "../oci/digest.js"
import { annotationKeys } from "../oci/media-types.js"
import type { Reference, Repository } from "../oci/reference.js"
import type { Referrer } from "../oci/referrers.js"
import { readManifest } from "./image-graph.js"
import type { Registry } from "./ports.js"
import { type Evidence, ownPredicateTypes } from "./promotion-evidence.js"
import type { Attached } from "./subjects.js"

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
): Promise<readonly AttachedEvidence[]> {
  const subjects = [...new Set(evidence.map(({ subject }) => subject))]
  const attached = await Promise.all(
    subjects.map(async (subject) => {
      const done: AttachedEvidence[] = []
      for (const one of evidence.filter((candidate) => candidate.subject === subject))
        done.push(await attachOne(registry, target, one, already))
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
): Promise<AttachedEvidence> {
  const repository = { registry: target.registry, repository: target.repository }
  const candidates = already.trees
    .filter((tree) => tree.subject === subject)
    .flatMap(({ referrers }) => referrers)
    .filter(({ annotations }) => annotations[annotationKeys.predicateType] === predicateType)
  for (const candidate of candidates) {
    if (await saysTheSame(registry, repository, candidate, artifact.content))
      return { subject, predicateType, digest: candidate.digest, existing: true }
  }
  return {
    subject,
    predicateType,
    digest: await registry.attach({ ...repository, digest: subject }, artifact),
    existing: false,
  }
}

// By content: an annotation that merely claims it would let a planted document stand in for ours.
async function saysTheSame(
  registry: Registry,
  repository: Repository,
  candidate: Referrer,
  content: string,
): Promise<boolean> {
  try {
    const manifest = await readManifest(registry, { ...repository, digest: candidate.digest })
    const [layer, ...more] = manifest.kind === "image" ? manifest.layers : []
    if (layer === undefined || more.length > 0 || layer.size > 2 * Buffer.byteLength(content) + 4096) return false
    const { statement } = unwrap(await registry.blob(repository, layer))
    if (statement === undefined) return false
    const ours: unknown = JSON.parse(content)
    // Only of our own documents is it known which parts tell the time.
    if (!ownPredicateTypes.has(statement.predicateType)) return canonicalJson(statement) === canonicalJson(ours)
    return timeless(statement) === timeless(ours)
  } catch (error) {
    if (error instanceof CsscError && /^(MANIFEST|STATEMENT|LIMIT|DIGEST)/.test(error.code)) return false
    throw error
  }
}

// What differs between two runs that found the same. `report` is the digest of a scanner's output with its times; what
// is in that output is in the vulnerability statement, and compared there.
const timeKeys: ReadonlySet<string> = new Set([
  ...["scanStartedOn", "scanFinishedOn", "evaluatedAt", "CreatedAt", "ReportID", "invocation"],
  "report",
])

function timeless(statement: unknown): string {
  return canonicalJson(
    JSON.parse(JSON.stringify(statement, (key, value: unknown) => (timeKeys.has(key) ? undefined : value))),
  )
}
