// Which of the attestations that a policy requires are really on a platform: read, and about that platform.
import { MAX_ATTESTATION_BYTES } from "../attestation/bounds.js"
import { matchesPredicateType } from "../attestation/predicate-types.js"
import { subjectMatches } from "../attestation/statement.js"
import { unwrap } from "../attestation/unwrap.js"
import { CsscError } from "../errors.js"
import type { PinnedReference } from "../oci/reference.js"
import { sbomCandidates } from "../sbom/sbom-candidates.js"
import { readManifest } from "./image-graph.js"
import type { Registry } from "./ports.js"

/** The predicate types found, sorted; what cannot be read does not count. */
export async function findAttestations(
  registry: Registry,
  platform: PinnedReference,
  required: readonly string[],
): Promise<readonly string[]> {
  const tree = await registry.referrers({
    registry: platform.registry,
    repository: platform.repository,
    digest: platform.digest,
  })
  const candidates = new Set(
    required.flatMap((type) => sbomCandidates(tree?.referrers ?? [], type).map(({ digest }) => digest)),
  )
  const found = await Promise.all(
    [...candidates].map((digest) => readTypes(registry, platform, { ...platform, digest })),
  )
  const types = found.flat().filter((type) => required.some((wanted) => matchesPredicateType(wanted, type)))
  return [...new Set(types)].sort()
}

async function readTypes(
  registry: Registry,
  platform: PinnedReference,
  attached: PinnedReference,
): Promise<readonly string[]> {
  try {
    const manifest = await readManifest(registry, attached)
    if (manifest.kind === "index" || manifest.subject?.digest !== platform.digest) return []
    const layers = manifest.layers.filter(({ size }) => size <= MAX_ATTESTATION_BYTES)
    const contents = await Promise.all(layers.map((layer) => registry.blob(attached, layer)))
    return contents.flatMap((content) => {
      const { statement } = unwrap(content)
      return statement !== undefined && subjectMatches(statement, platform.digest) ? [statement.predicateType] : []
    })
  } catch (error) {
    if (error instanceof CsscError && /^(MANIFEST|STATEMENT|LIMIT|DIGEST)/.test(error.code)) return []
    throw error
  }
}
