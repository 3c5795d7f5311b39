// What a file says, with what it leaves out: an entry's own word, then the defaults of the file, then ours.
import { canonicalJson, sortCanonical } from "../../findings/canonical-json.js"
import { digestOf } from "../../oci/digest.js"
import type { TagSelection } from "../../oci/tags.js"
import { policyDigest } from "../../policy/document/policy.js"
import type { AgeSelection, Fleet, FleetEntry, MirrorEntry, PromotionEntry } from "./fleet.js"
import type { FleetFile, TagsFile } from "./fleet-schema.js"

type MirrorFile = FleetFile["mirrors"][number]
type PromotionFile = FleetFile["promotions"][number]

export function resolveFleet(file: FleetFile, source: string): Fleet {
  const policies = new Map(
    Object.entries(file.policies).map(([name, policy]) => [name, { ...policy, source: `${source}, policy ${name}` }]),
  )
  const entries: readonly FleetEntry[] = [
    ...file.mirrors.map((one) => mirrorOf({ ...file.defaults.mirrors, ...one })),
    ...file.promotions.map((one) => promotionOf({ ...file.defaults.promotions, ...one })),
  ]
  const { registries } = file
  const named = [...policies].map(([name, policy]) => [name, policyDigest(policy)])
  const meant = {
    policies: sortCanonical(named),
    entries: sortCanonical(entries),
    registries: sortCanonical(registries),
  }
  return { source, digest: digestOf(canonicalJson(meant)), registries, policies, entries }
}

function mirrorOf(one: MirrorFile): MirrorEntry {
  const { source, target, tags, referrers = "with-image", history = true, provenance = true, platforms = [] } = one
  const { allowMissing = false } = one
  return {
    kind: "mirror",
    ...{ source, target, ...tagsOf(tags), allowMissing, referrers, history, provenance, platforms, force: false },
  }
}

function promotionOf(one: PromotionFile): PromotionEntry {
  const { source, target, tags, method = "sbom", predicateType = "", policy } = one
  const { deleteSource = false, judgeAgain = false, allowMissing = false } = one
  const ends = { source, target, ...tagsOf(tags), allowMissing }
  const named = policy === undefined ? {} : { policy }
  return { kind: "promotion", ...ends, method, predicateType, ...named, deleteSource, judgeAgain }
}

function tagsOf(file: TagsFile | undefined): { readonly tags: TagSelection; readonly age?: AgeSelection } {
  const { age, ...tags } = file ?? {}
  return { tags, ...(age === undefined ? {} : { age }) }
}
