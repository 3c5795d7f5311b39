// When two SBOMs say the same to a scanner: all that it reads of packages, systems and their relations. Two runs of a
// generator differ in serial numbers, times, their own version and the names they give to components; those do not count.
// https://github.com/aquasecurity/trivy/blob/v0.73.0/pkg/sbom/cyclonedx/unmarshal.go and pkg/sbom/spdx/unmarshal.go
import { canonicalJson, sortCanonical } from "../findings/canonical-json.js"
import { type Digest, digestOf } from "../oci/digest.js"
import { isRecord } from "../oci/json.js"
import type { SelectedSbom } from "./sbom-candidate.js"

type Content = Readonly<Record<string, unknown>>
/** What a document calls a component, and what is in it. */
type Names = ReadonlyMap<unknown, string>

export function fingerprint({ sbom, document }: Pick<SelectedSbom, "sbom" | "document">): Digest {
  const content = isRecord(document) ? document : {}
  return digestOf(canonicalJson(sbom.format === "cyclonedx" ? cyclonedxParts(content) : spdxParts(content)))
}

// The order of components does not count; that of a component's own properties does, since the last of a kind wins.
function cyclonedxParts({ metadata, components, dependencies }: Content): unknown {
  const root = isRecord(metadata) && isRecord(metadata["component"]) ? [metadata["component"]] : []
  const all = [...root, ...recordsOf(components)]
  // Of two that are called the same the scanner takes the last, and the root after all others.
  const inOrder = [...recordsOf(components), ...root]
  const names: Names = new Map(inOrder.map((one) => [one["bom-ref"], digestOf(canonicalJson(withoutRefs(one)))]))
  const relations = recordsOf(dependencies).map((one) => ({
    ref: nameOf(one["ref"], names),
    dependsOn: sortCanonical(listOf(one["dependsOn"]).map((ref) => nameOf(ref, names))),
  }))
  return { components: sortCanonical(all.map(withoutRefs)), dependencies: sortCanonical(relations) }
}

function withoutRefs(component: Content): Content {
  const { "bom-ref": _ref, components, ...own } = component
  const isImage = component["type"] === "container" && isImagePurl(component["purl"])
  const rest = isImage ? { type: "container" } : own
  // What is in an image counts, whatever the image is called.
  const parts = recordsOf(components).map(withoutRefs)
  return parts.length === 0 ? rest : { ...rest, components: sortCanonical(parts) }
}

// Trivy reads documents of its own in another way, and knows the kind of an entry by the beginning of its name.
function spdxParts({ packages, files, relationships, creationInfo }: Content): unknown {
  const all = [...recordsOf(packages), ...recordsOf(files)]
  const names: Names = new Map(
    all.map((one) => [one["SPDXID"], `${kindOf(one)} ${digestOf(canonicalJson(spdxEntry(one)))}`]),
  )
  const relations = recordsOf(relationships).map((one) => ({
    from: nameOf(one["spdxElementId"], names),
    type: one["relationshipType"],
    to: nameOf(one["relatedSpdxElement"], names),
  }))
  const creators = isRecord(creationInfo) ? listOf(creationInfo["creators"]) : []
  return {
    entries: sortCanonical(all.map(spdxEntry)),
    relationships: sortCanonical(relations),
    byTrivy: creators.some((creator) => typeof creator === "string" && creator.startsWith("Tool: trivy")),
  }
}

function spdxEntry(entry: Content): Content {
  const kind = kindOf(entry)
  const locators = recordsOf(entry["externalRefs"]).map(({ referenceLocator }) => referenceLocator)
  if (entry["primaryPackagePurpose"] === "CONTAINER" && locators.every(isImagePurl)) return { kind }
  const { SPDXID: _id, annotations, hasFiles: _files, ...rest } = entry
  const comments = recordsOf(annotations).map(({ comment }) => comment)
  return { ...rest, kind, ...(annotations === undefined ? {} : { comments }) }
}

// What an image is called is where it was scanned, which is no part of what is in it.
function isImagePurl(purl: unknown): boolean {
  return purl === undefined || (typeof purl === "string" && /^(pkg:(oci|docker)\/|$)/i.test(purl))
}

function kindOf({ SPDXID: id }: Content): string {
  return /^(?:SPDXRef-)?([A-Za-z]*)/.exec(typeof id === "string" ? id : "")?.[1] ?? ""
}

/** A component by what is in it; what is none of the document's components as it is written. */
function nameOf(ref: unknown, names: Names): unknown {
  return names.get(ref) ?? ref
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function recordsOf(value: unknown): readonly Content[] {
  return listOf(value).filter(isRecord)
}
