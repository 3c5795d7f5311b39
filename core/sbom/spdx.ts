// SPDX 2.2 and 2.3 in JSON. https://spdx.github.io/spdx-spec/v2.3/
import { z } from "zod"
import { checkSchema } from "../oci/json.js"
import { checkCount, type SbomComponent, type SbomContent, toComponent } from "./component.js"

const text = z
  .string()
  .nullish()
  .transform((value) => value ?? "")
const reference = z.object({ referenceType: text, referenceLocator: text })

const packageSchema = z.object({
  SPDXID: text,
  name: z.string(),
  versionInfo: text,
  primaryPackagePurpose: text,
  externalRefs: z
    .array(reference)
    .nullish()
    .transform((value) => value ?? []),
})

const documentSchema = z.object({
  spdxVersion: z.string().regex(/^SPDX-2\.\d$/, "expected SPDX-2.x"),
  packages: z
    .array(z.unknown())
    .nullish()
    .transform((value) => value ?? []),
})

/** By its id alone, with or without `SPDXRef-`, Trivy takes an entry for an operating system, whatever its purpose. */
const systemId = /^(?:SPDXRef-)?OperatingSystem/
/** How Trivy and syft name the entries that are no packages, where no purpose says so (SPDX 2.2 has none). */
const idPrefixes: readonly (readonly [string, string])[] = [
  ["SPDXRef-ContainerImage", "container"],
  ["SPDXRef-Filesystem", "file"],
  ["SPDXRef-Repository", "source"],
  ["SPDXRef-Application", "application"],
  ["SPDXRef-DocumentRoot-", "container"],
]

/** Reads the packages of a document; one with several purls counts once for each. */
export function readSpdx(document: unknown, what: string): SbomContent {
  const { spdxVersion, packages } = checkSchema(documentSchema, document, "SBOM_INVALID", what)
  checkCount(packages.length, what)
  const components: SbomComponent[] = []
  for (const value of packages) {
    const entry = checkSchema(packageSchema, value, "SBOM_INVALID", `a package of ${what}`)
    const purls = entry.externalRefs.filter((ref) => ref.referenceType === "purl").map((ref) => ref.referenceLocator)
    const kind = kindOf(entry.SPDXID, entry.primaryPackagePurpose)
    for (const purl of purls.length === 0 ? [""] : new Set(purls)) {
      components.push(toComponent(entry.name, entry.versionInfo, kind, purl))
    }
  }
  checkCount(components.length, what)
  return { specVersion: spdxVersion.slice("SPDX-".length), components }
}

function kindOf(id: string, purpose: string): string {
  if (systemId.test(id)) return "operating-system"
  if (purpose !== "") return purpose.toLowerCase().replaceAll("_", "-")
  return idPrefixes.find(([prefix]) => id.startsWith(prefix))?.[1] ?? ""
}
