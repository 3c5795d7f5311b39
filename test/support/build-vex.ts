// OpenVEX documents for images whose findings come from the test database.
import type { TestPredicate } from "./build-sbom.js"

export type TestVex = {
  readonly cve?: string
  readonly status?: string
  readonly subcomponents?: readonly string[]
  readonly timestamp?: string
  readonly author?: string
}

/** The package of ../images/variants.mjs that has one HIGH and one MEDIUM finding. */
export const lodash = "pkg:npm/lodash@4.17.20"
export const highInLodash = "CVE-2021-23337"

/** A statement about one product; by default that its lodash is not affected by the one HIGH finding. */
export function openVex(product: string, options: TestVex = {}): TestPredicate {
  const { cve = highInLodash, status = "not_affected", subcomponents = [lodash], author = "Acme" } = options
  const { timestamp = "2026-01-01T00:00:00Z" } = options
  const statement = {
    vulnerability: { name: cve },
    products: [{ "@id": product, subcomponents: subcomponents.map((id) => ({ "@id": id })) }],
    status,
    ...(status === "not_affected" ? { justification: "vulnerable_code_not_in_execute_path" } : {}),
  }
  const head = { "@context": "https://openvex.dev/ns/v0.2.0", "@id": "https://example.com/vex/1", author, timestamp }
  return { predicateType: "https://openvex.dev/ns/v0.2.0", predicate: { ...head, version: 1, statements: [statement] } }
}

/** `pkg:oci/…`, as OpenVEX names an image: its last name, a digest if there is one, and where it is. */
export function ociPurl(repository: string, digest = ""): string {
  const name = repository.slice(repository.lastIndexOf("/") + 1)
  const version = digest === "" ? "" : `@${encodeURIComponent(digest)}`
  return `pkg:oci/${name}${version}?repository_url=${encodeURIComponent(repository)}`
}
