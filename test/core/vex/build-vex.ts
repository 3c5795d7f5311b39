// Small VEX documents for tests: everything is fine unless a test says otherwise.
import { readVex } from "../../../core/vex/read-vex.js"
import type { VexContent } from "../../../core/vex/vex-content.js"
import { fixture } from "../oci/fixture.js"

export function readFixture(file: string): VexContent {
  return readVex(JSON.parse(fixture(file).toString()), file)
}

export function openVex(statements: unknown, more: object = {}) {
  return {
    "@context": "https://openvex.dev/ns/v0.2.0",
    "@id": "https://example.com/vex/1",
    author: "Acme",
    timestamp: "2026-06-01T00:00:00Z",
    version: 1,
    statements,
    ...more,
  }
}

export function openVexStatement(more: object = {}) {
  return {
    vulnerability: { name: "CVE-2026-1" },
    products: [{ "@id": "pkg:deb/debian/bash@5.0" }],
    status: "not_affected",
    justification: "vulnerable_code_not_present",
    ...more,
  }
}

export function cycloneDx(vulnerability: object, more: object = {}) {
  return {
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    metadata: { timestamp: "2026-06-01T00:00:00Z", authors: [{ name: "Acme" }] },
    vulnerabilities: [
      {
        id: "CVE-2026-1",
        affects: [{ ref: "pkg:deb/debian/bash@5.0" }],
        analysis: { state: "in_triage" },
        ...vulnerability,
      },
    ],
    ...more,
  }
}

export function csaf(vulnerability: object, tree: object = {}, tracking: object = {}) {
  return {
    document: {
      category: "csaf_vex",
      csaf_version: "2.0",
      publisher: { name: "Acme" },
      tracking: { id: "ACME-1", current_release_date: "2026-06-01T00:00:00Z", status: "final", ...tracking },
    },
    product_tree: {
      full_product_names: [
        { product_id: "bash", name: "bash", product_identification_helper: { purl: "pkg:deb/debian/bash@5.0" } },
      ],
      ...tree,
    },
    vulnerabilities: [{ cve: "CVE-2026-1", ...vulnerability }],
  }
}

/** What could not be read of statements and their products, as text. */
export function unreadOf(statements: VexContent["statements"]): string {
  const names = statements.flatMap(({ products }) =>
    products.flatMap(({ id, subcomponents }) => [id, ...subcomponents]),
  )
  const unreadable = names.filter((name) => name.startsWith("(unreadable: "))
  return [...statements.flatMap(({ unread }) => unread ?? []), ...unreadable].join("\n")
}
