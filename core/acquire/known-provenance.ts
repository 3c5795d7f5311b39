// Acquisition provenance that is there already: a mirror that stopped after it had attached it, and before the tag, goes on
// from there instead of saying the same twice.
import type { Signer } from "../attestation/signer.js"
import type { Statement } from "../attestation/statement.js"
import { emptyTrust } from "../attestation/trust-store.js"
import { canonicalJson } from "../findings/canonical-json.js"
import { readSoleStatement } from "../image/attached-statement.js"
import { newestOfType } from "../image/newest-of-type.js"
import type { Attached } from "../image/subjects.js"
import type { Digest } from "../oci/digest.js"
import { bare, type PinnedReference } from "../oci/reference.js"
import type { Registry } from "../ports.js"

/** The newest ones that are compared. */
const maxCompared = 10
/** What differs between two runs in which one person acquired the same from the same place: each who did answers for it. */
const ofTheRun: ReadonlySet<string> = new Set(["acquiredAt", "runUrl", "workflow"])

/** The provenance of a subject that says what ours says, the run aside; with a key, only what it signed. */
export async function findProvenance(
  { registry, signer }: { readonly registry: Registry; readonly signer?: Signer },
  subject: PinnedReference,
  ours: Pick<Statement, "predicateType">,
  there: Attached,
): Promise<Digest | undefined> {
  const listed = there.trees.filter((tree) => tree.subject === subject.digest).flatMap(({ referrers }) => referrers)
  const reader = { registry, trust: signer?.trust ?? emptyTrust }
  for (const { digest } of newestOfType(listed, ours.predicateType, maxCompared)) {
    const read = await readSoleStatement(reader, { ...bare(subject), digest }, subject.digest)
    if ("problem" in read || !read.about) continue
    if (signer !== undefined && read.signature.status !== "verified") continue
    if (withoutRun(read.statement) === withoutRun(ours)) return digest
  }
  return undefined
}

function withoutRun(statement: unknown): string {
  const text = JSON.stringify(statement, (key, value: unknown) => (ofTheRun.has(key) ? undefined : value))
  return canonicalJson(JSON.parse(text ?? "null"))
}
