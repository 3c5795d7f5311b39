// The smallest SBOMs that Trivy reads: one component per package URL.
export type TestPredicate = { readonly predicateType: string; readonly predicate: unknown }

export function cyclonedxOf(purls: readonly string[]): TestPredicate {
  const components = purls.map((purl) => ({ type: "library", ...nameOf(purl), purl, "bom-ref": purl }))
  const predicate = { bomFormat: "CycloneDX", specVersion: "1.6", version: 1, components }
  return { predicateType: "https://cyclonedx.org/bom/v1.6", predicate }
}

export function spdxOf(purls: readonly string[]): TestPredicate {
  const packages = purls.map((purl, i) => {
    const { name, version } = nameOf(purl)
    const reference = { referenceCategory: "PACKAGE-MANAGER", referenceType: "purl", referenceLocator: purl }
    const rest = { downloadLocation: "NONE", filesAnalyzed: false, externalRefs: [reference] }
    return { SPDXID: `SPDXRef-Package-${i}`, name, versionInfo: version, ...rest }
  })
  const predicate = {
    spdxVersion: "SPDX-2.3",
    dataLicense: "CC0-1.0",
    SPDXID: "SPDXRef-DOCUMENT",
    name: "app",
    documentNamespace: "https://example.com/app",
    creationInfo: { created: "2026-01-01T00:00:00Z", creators: ["Tool: test"] },
    packages,
  }
  return { predicateType: "https://spdx.dev/Document", predicate }
}

function nameOf(purl: string): { name: string; version: string } {
  const [, name = purl, version = "0"] = /([^/]+)@([^?]+)/.exec(purl) ?? []
  return { name, version }
}
