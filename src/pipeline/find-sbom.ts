// Everything that may be a platform's SBOM, fetched: referrers, BuildKit's entries in the index, cosign's attestation
// tag. Nothing is trusted here; the choice, and the check of the subject, is made in src/sbom.
import { MAX_ATTESTATION_BYTES } from "../attestation/bounds.js"
import { CsscError } from "../errors.js"
import type { Problem } from "../findings/assessment.js"
import type { Descriptor } from "../oci/descriptor.js"
import type { Digest } from "../oci/digest.js"
import { type ImageManifest, type Manifest } from "../oci/manifest.js"
import type { ReferrerTree } from "../oci/referrers.js"
import type { PinnedReference } from "../oci/reference.js"
import { digestTags } from "../oci/reserved-tags.js"
import { sbomCandidates, sbomLayers } from "../sbom/sbom-candidates.js"
import { type SbomCandidate, type SelectedSbom, selectSbom } from "../sbom/select-sbom.js"
import { readManifest } from "./image-graph.js"
import type { Registry } from "./ports.js"
import { isLying } from "./subjects.js"

export type FoundSbom = {
  readonly selected?: SelectedSbom
  readonly problems: readonly Problem[]
  readonly tree?: ReferrerTree
}

/** Finds the SBOM of a platform; `image` is the manifest that the platform was listed in. */
export async function findSbom(
  registry: Registry,
  platform: PinnedReference,
  image: Manifest,
  predicateType: string,
): Promise<FoundSbom> {
  const tree = await listReferrers(registry, platform, image)
  if ("problem" in tree) return { problems: [tree.problem] }
  const attached = sbomCandidates(tree.referrers, predicateType).map(({ digest }) => ({ digest }))
  const entries = image.kind === "index" ? image.attestations.filter(({ subject }) => subject === platform.digest) : []
  const places = [
    ...attached,
    ...entries.map(({ descriptor }) => ({ digest: descriptor.digest, attachedTo: platform.digest })),
  ]
  const read = await Promise.all(places.map((place) => readPlace(registry, platform, place, predicateType)))
  const found = select(read, platform, predicateType)
  if (found.selected !== undefined) return { ...found, tree }
  const tagged = await readAttestationTag(registry, platform, predicateType)
  return { ...select([...read, ...tagged], platform, predicateType), tree }
}

type Read = { readonly candidates: readonly SbomCandidate[]; readonly problems: readonly Problem[] }

function select(read: readonly Read[], platform: PinnedReference, predicateType: string): Omit<FoundSbom, "tree"> {
  const candidates = read.flatMap((one) => one.candidates)
  const found = selectSbom(candidates, { predicateType, platformDigest: platform.digest })
  return { ...found, problems: [...read.flatMap(({ problems }) => problems), ...found.problems] }
}

// cosign's older place, looked at only when the others have nothing: it costs a request for each platform.
async function readAttestationTag(
  registry: Registry,
  platform: PinnedReference,
  predicateType: string,
): Promise<Read[]> {
  const tag = digestTags(platform.digest).find((name) => name.endsWith(".att"))
  if (tag === undefined) return []
  const digest = await registry.resolve({ registry: platform.registry, repository: platform.repository, tag })
  if (digest === undefined) return []
  return [await readPlace(registry, platform, { digest, attachedTo: platform.digest }, predicateType)]
}

async function listReferrers(
  registry: Registry,
  platform: PinnedReference,
  image: Manifest,
): Promise<ReferrerTree | { problem: Problem }> {
  try {
    const tree = await registry.referrers({
      registry: platform.registry,
      repository: platform.repository,
      digest: platform.digest,
    })
    if (tree === undefined)
      return {
        problem: unreadable(
          `the platform's manifest ${platform.digest} is not in the repository: mirror it again with force`,
        ),
      }
    return isLying(tree, image) ? { subject: tree.subject, referrers: [] } : tree
  } catch (error) {
    const told = error instanceof CsscError && (error.code === "REFERRERS_UNTRUSTED" || error.code === "LIMIT_EXCEEDED")
    if (told) return { problem: unreadable(error.reason) }
    throw error
  }
}

type Place = { readonly digest: Digest; readonly attachedTo?: Digest }

async function readPlace(
  registry: Registry,
  platform: PinnedReference,
  place: Place,
  predicateType: string,
): Promise<Read> {
  try {
    const manifest = await readManifest(registry, { ...platform, digest: place.digest })
    if (manifest.kind === "index") return { candidates: [], problems: [] }
    const layers = sbomLayers(manifest, predicateType)
    return {
      candidates: await Promise.all(layers.map((layer) => readLayer(registry, platform, place, manifest, layer))),
      problems: [],
    }
  } catch (error) {
    if (
      !(error instanceof CsscError) ||
      error.code.startsWith("REGISTRY_RATE") ||
      error.code === "REGISTRY_UNAUTHORIZED"
    )
      throw error
    return {
      candidates: [],
      problems: [{ code: "SBOM_UNREADABLE", message: `attachment ${place.digest} cannot be read: ${error.reason}` }],
    }
  }
}

async function readLayer(
  registry: Registry,
  platform: PinnedReference,
  place: Place,
  manifest: ImageManifest,
  layer: Descriptor,
): Promise<SbomCandidate> {
  const content =
    layer.size > MAX_ATTESTATION_BYTES
      ? { error: `it has ${layer.size} bytes, more than ${MAX_ATTESTATION_BYTES}` }
      : await registry.blob(platform, layer)
  return {
    referrer: place.digest,
    manifest,
    ...(place.attachedTo === undefined ? {} : { attachedTo: place.attachedTo }),
    blob: layer.digest,
    content,
  }
}

function unreadable(message: string): Problem {
  return { code: "REFERRERS_UNREADABLE", message }
}
