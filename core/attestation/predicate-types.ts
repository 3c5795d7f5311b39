// Predicate types: what a statement says about its subject.
// Tools append the version of the format (`https://cyclonedx.org/bom/v1.6`), or do not; some types mean any version.

export const predicateTypes = {
  cyclonedx: "https://cyclonedx.org/bom",
  /** cosign 1's name for the same (sigstore/cosign:pkg/cosign/attestation). */
  cyclonedxOld: "https://cyclonedx.org/schema",
  spdx: "https://spdx.dev/Document",
  openvex: "https://openvex.dev/ns",
  cyclonedxVex: "https://cyclonedx.org/vex",
  csaf: "https://docs.oasis-open.org/csaf/csaf",
  cosignVulnerabilities: "https://cosign.sigstore.dev/attestation/vuln/v1",
  cosignCustom: "https://cosign.sigstore.dev/attestation/v1",
  /** cosign 3's signature on an image: a statement without a predicate. */
  cosignSignature: "https://sigstore.dev/cosign/sign/v1",
  inTotoVulnerabilities: "https://in-toto.io/attestation/vulns/v0.1",
  slsaProvenanceV02: "https://slsa.dev/provenance/v0.2",
  slsaProvenance: "https://slsa.dev/provenance/v1",
  verificationSummary: "https://slsa.dev/verification_summary/v1",
  acquisitionProvenance: "https://toddysm.com/acquisition-provenance/v0.1",
  /** Docker Scout's own format: neither CycloneDX nor SPDX. */
  scoutSbom: "https://scout.docker.com/sbom/v0.1",
} as const

/** cosign's short names (sigstore/cosign:cmd/cosign/cli/options/predicate.go). */
const aliases: ReadonlyMap<string, string> = new Map([
  ["cyclonedx", predicateTypes.cyclonedx],
  ["spdx", predicateTypes.spdx],
  ["spdxjson", predicateTypes.spdx],
  ["openvex", predicateTypes.openvex],
  ["vuln", predicateTypes.cosignVulnerabilities],
  ["slsaprovenance", predicateTypes.slsaProvenanceV02],
  ["slsaprovenance1", predicateTypes.slsaProvenance],
])

const families: readonly string[] = [
  predicateTypes.cyclonedx,
  predicateTypes.spdx,
  predicateTypes.openvex,
  predicateTypes.cyclonedxVex,
  predicateTypes.csaf,
]
const versionSuffix = /^\/v\d{1,4}(?:\.\d{1,4}){0,2}$/

/** The URI for a short name; anything else is returned as it is. */
export function resolvePredicateType(nameOrUri: string): string {
  return aliases.get(nameOrUri) ?? nameOrUri
}

/** The SBOM types that are looked for, in order: the one that the caller named, or each format when they named none. */
export function sbomTypesWanted(named: string): readonly [string, ...string[]] {
  return named === "" ? [predicateTypes.cyclonedx, predicateTypes.spdx] : [named]
}

/** Tells whether a type is the one that is wanted: exactly, or any version where the wanted type names none. */
export function matchesPredicateType(wanted: string, actual: string): boolean {
  const type = resolvePredicateType(wanted)
  if (actual === type || (type === predicateTypes.cyclonedx && actual === predicateTypes.cyclonedxOld)) return true
  return families.includes(type) && actual.startsWith(type) && versionSuffix.test(actual.slice(type.length))
}

/** Tells whether two types are versions of one format, or the same. */
export function samePredicateFamily(left: string, right: string): boolean {
  return (
    left === right || families.some((type) => matchesPredicateType(type, left) && matchesPredicateType(type, right))
  )
}

/** The SBOM format that a predicate type stands for, if any. */
export function sbomFormat(predicateType: string): "cyclonedx" | "spdx" | undefined {
  if (matchesPredicateType(predicateTypes.cyclonedx, predicateType)) return "cyclonedx"
  return matchesPredicateType(predicateTypes.spdx, predicateType) ? "spdx" : undefined
}
