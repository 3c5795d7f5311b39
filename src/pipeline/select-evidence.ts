// Which of an image's attachments may come along into the trusted registry. Quarantine is a place where others write:
// what claims to be our own evidence stays behind, and so does what the policy does not name.
import { MAX_ATTESTATION_BYTES } from "../attestation/bounds.js"
import { matchesPredicateType } from "../attestation/predicate-types.js"
import { unwrap } from "../attestation/unwrap.js"
import { CsscError } from "../errors.js"
import type { Digest } from "../oci/digest.js"
import type { Manifest } from "../oci/manifest.js"
import type { PinnedReference } from "../oci/reference.js"
import { flattenReferrers, type Referrer, type ReferrerTree } from "../oci/referrers.js"
import { statedPredicateType } from "../sbom/sbom-candidates.js"
import { readManifest } from "./image-graph.js"
import type { Registry } from "./ports.js"
import { ownPredicateTypes } from "./promotion-evidence.js"

export type LeftBehind = { readonly digest: Digest; readonly subject: Digest; readonly artifactType: string; readonly why: string }
export type SelectedEvidence = { readonly carried: readonly Referrer[]; readonly leftBehind: readonly LeftBehind[] }

/** `copy`: all, or only attachments of these predicate or artifact types. */
export async function selectEvidence(registry: Registry, image: PinnedReference, trees: readonly ReferrerTree[], copy: "all" | readonly string[]): Promise<SelectedEvidence> {
  const unique = [...new Map(trees.flatMap(flattenReferrers).map((one) => [one.digest, one])).values()]
  const types = new Map(await Promise.all(unique.map(async ({ digest }) => [digest, await readTypes(registry, { ...image, digest })] as const)))
  const carried: Referrer[] = []
  const leftBehind: LeftBehind[] = []
  const visit = (level: readonly Referrer[], above: string | undefined): void => {
    for (const referrer of level) {
      const { digest, subject, artifactType } = referrer
      const why = above ?? refusal(types.get(digest) ?? [], artifactType, copy, subject, trees)
      if (why === undefined) carried.push(referrer)
      else leftBehind.push({ digest, subject, artifactType, why })
      visit(referrer.referrers, why === undefined ? undefined : `it is attached to ${digest}, which stays behind`)
    }
  }
  for (const tree of trees) visit(tree.referrers, undefined)
  return { carried, leftBehind }
}

function refusal(types: readonly string[], artifactType: string, copy: "all" | readonly string[], subject: Digest, trees: readonly ReferrerTree[]): string | undefined {
  const own = types.find((type) => ownPredicateTypes.has(type))
  if (own !== undefined) return `it claims to be our own evidence (${own}) and no trusted key signed it`
  // What is attached to an attachment (a signature) goes where that goes.
  if (copy === "all" || !trees.some((tree) => tree.subject === subject)) return undefined
  const wanted = [...types, artifactType].some((type) => copy.some((one) => matchesPredicateType(one, type)))
  return wanted ? undefined : "the policy's evidence.copy does not name its type"
}

/** Every predicate type that an attachment states or holds: a lie in one place does not hide another. */
async function readTypes(registry: Registry, attached: PinnedReference): Promise<readonly string[]> {
  const manifest = await readManifest(registry, attached)
  const layers = manifest.kind === "image" ? manifest.layers : []
  const stated = [manifest.annotations, ...layers.map(({ annotations }) => annotations)].flatMap((annotations) => statedPredicateType(annotations) ?? [])
  return [...stated, ...(await heldTypes(registry, attached, manifest))]
}

async function heldTypes(registry: Registry, attached: PinnedReference, manifest: Manifest): Promise<readonly string[]> {
  if (manifest.kind === "index") return []
  // A consumer reads no statement larger than this either.
  const small = manifest.layers.filter(({ size }) => size <= MAX_ATTESTATION_BYTES)
  const contents = await Promise.all(small.map((layer) => registry.blob(attached, layer)))
  return contents.flatMap((content) => {
    try {
      return unwrap(content).statement?.predicateType ?? []
    } catch (error) {
      if (error instanceof CsscError) return []
      throw error
    }
  })
}
