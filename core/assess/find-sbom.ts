// A platform's SBOM: in the format that was asked for, or in whichever there is. What is chosen of one format, and the
// check of the subject, is made in core/sbom.
import { samePredicateFamily, sbomFormat, sbomTypesWanted } from "../attestation/predicate-types.js"
import { placesOf } from "../image/attached-documents.js"
import type { ImageGraph } from "../image/image-graph.js"
import type { PinnedReference } from "../oci/reference.js"
import type { SbomChoice } from "../sbom/select-sbom.js"
import { findSbomOfType, isTrustedChoice, listOrExplain, type SbomSearch, searchSboms } from "./find-sbom-of-type.js"
import { besideFirst, insteadOfFirst } from "./other-sbom-format.js"
import type { AssessmentScope } from "./scan-request.js"

type SbomScope = Pick<AssessmentScope, "registry" | "trust" | "policy" | "predicateType">

/**
 * Finds the SBOM of a platform; the graph is of the image that the platform was listed in. When the caller named no type,
 * the other format is used where the first is not there at all: the SBOM's source says which it is. Where nobody trusted
 * signed what is there of the first, usable or not, the other is used when somebody did; and beside a usable first one
 * when it says more: else whoever may attach could hide a publisher's SBOM by one in the format that is looked for first.
 */
export async function findSbom(scope: SbomScope, platform: PinnedReference, image: ImageGraph): Promise<SbomChoice> {
  const [first, ...more] = sbomTypesWanted(scope.predicateType)
  const search = searchSboms(scope, platform, image)
  const found = await findSbomOfType(search, first)
  if (!isMissing(found)) return withOthers(search, found, more)
  if (more.length === 0) return withHint(found, await otherFormats(search, first))
  for (const predicateType of more) {
    const other = await findSbomOfType(search, predicateType)
    if (!isMissing(other)) return other
  }
  return found
}

function isMissing({ selected, problems }: SbomChoice): boolean {
  return selected === undefined && problems.every(({ code }) => code === "SBOM_MISSING")
}

async function withOthers(search: SbomSearch, first: SbomChoice, types: readonly string[]): Promise<SbomChoice> {
  if (isTrustedChoice(search, first)) return first
  let found = first
  for (const predicateType of types) {
    const other = await findSbomOfType(search, predicateType, { second: true })
    if (isTrustedChoice(search, other)) return insteadOfFirst(found, other)
    found = besideFirst(found, other, search.isTrusted)
  }
  return found
}

/** The formats that are listed beside the one that the caller asked for and did not get. */
async function otherFormats({ scope, platform, image }: SbomSearch, asked: string): Promise<readonly string[]> {
  const tree = await listOrExplain(scope.registry, platform, image.manifest)
  if ("problem" in tree) return []
  const others = sbomTypesWanted("").filter((type) => !samePredicateFamily(type, asked))
  return others
    .filter((type) => placesOf(tree, image.manifest, type).length > 0)
    .map((type) => sbomFormat(type) ?? type)
}

function withHint(found: SbomChoice, formats: readonly string[]): SbomChoice {
  if (formats.length === 0) return found
  const hint = `; of type ${formats.join(" and ")} there is an attachment: ask for that with --predicate-type`
  return { ...found, problems: found.problems.map((one) => ({ ...one, message: `${one.message}${hint}` })) }
}
