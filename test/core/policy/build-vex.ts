// VEX documents for tests of the policy: trusted and usable unless a test says otherwise.
import type { Assessment, PlatformAssessment } from "../../../core/findings/assessment.js"
import { digestOf } from "../../../core/oci/digest.js"
import type { ProductName, VexDocument, VexInput, VexStatement } from "../../../core/vex/vex-document.js"
import { anAssessment, image } from "./build-assessment.js"

export const bash = "pkg:deb/debian/bash@5.0"

export function aStatement(more: Partial<VexStatement> = {}): VexStatement {
  return {
    vulnerability: "CVE-2026-1",
    aliases: [],
    status: "not_affected",
    justification: "vulnerable_code_not_present",
    timestamp: "2026-06-01T00:00:00.000Z",
    products: [{ id: bash, subcomponents: [] }],
    ...more,
  }
}

/** About one product. */
export function aboutProduct(id: string, ...subcomponents: string[]): VexStatement {
  return aStatement({ products: [{ id, subcomponents }] })
}

export function aVex(
  statements: readonly VexStatement[] = [aStatement()],
  more: Partial<VexDocument> = {},
): VexDocument {
  return {
    format: "openvex",
    id: "",
    author: "Acme",
    timestamp: "2026-06-01T00:00:00.000Z",
    digest: digestOf(JSON.stringify([statements, more])),
    origin: "file",
    source: "vex.json",
    signature: { status: "unsigned" },
    statements,
    ...more,
  }
}

/** Attached to the index and signed by a publisher whom the policy has to trust. */
export function anAttachedVex(more: Partial<VexDocument> = {}, statements?: readonly VexStatement[]): VexDocument {
  const signature = { status: "verified", publisher: "acme", key: "key-1" } as const
  return aVex(statements, {
    origin: "referrer",
    source: digestOf("referrer"),
    subject: image.digest,
    signature,
    ...more,
  })
}

export const ownName: ProductName = {
  repository: "registry.example.com/quarantine/app",
  digests: [image.digest],
  tag: "1",
  by: "image",
}

export function withVex(
  platforms: readonly PlatformAssessment[] | undefined,
  documents: readonly VexDocument[],
  more: Partial<VexInput> = {},
): Assessment {
  return anAssessment(platforms, { vex: { documents, problems: [], products: [ownName], ...more } })
}
