// An SBOM of several documents: BuildKit attests one for each stage that it scans, all in one manifest. None of them is
// the image's SBOM alone, and none hides another: together they are.
// https://docs.docker.com/build/metadata/attestations/sbom/#arguments
import type { SelectedSbom } from "./sbom-candidate.js"

/** Its documents: one, or one for each stage. */
export function partsOf(selected: SelectedSbom): readonly SelectedSbom[] {
  return [selected, ...(selected.beside ?? [])]
}

/** All of it as one, to compare with what the scanner recognised. */
export function wholeOf(selected: SelectedSbom): SelectedSbom {
  const parts = partsOf(selected)
  if (parts.length === 1) return selected
  const components = parts.flatMap(({ sbom }) => sbom.components)
  const counted = parts.reduce((sum, { source }) => sum + source.components, 0)
  return { ...selected, sbom: { ...selected.sbom, components }, source: { ...selected.source, components: counted } }
}
