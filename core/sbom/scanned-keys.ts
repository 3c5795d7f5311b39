// The keys of SBOMs that a scanner reads, beyond those that are read here. In another spelling it would take them all the
// same, and scan something else than what was looked at.
// https://github.com/aquasecurity/trivy/blob/v0.73.0/pkg/sbom/cyclonedx/unmarshal.go and pkg/sbom/spdx/unmarshal.go
import { z } from "zod"

type Keys = z.ZodType

/** Objects in a list, or one object: only their keys matter. */
function keys(...names: readonly string[]) {
  return z.object(Object.fromEntries(names.map((name) => [name, z.unknown()])))
}

const property = keys("name", "value")
const component: Keys = z.object({
  ...keys("type", "mime-type", "bom-ref", "group", "name", "version", "purl", "cpe", "scope").shape,
  hashes: z.array(keys("alg", "content")),
  licenses: z.array(z.object({ license: keys("id", "name"), expression: z.unknown() })),
  supplier: keys("name"),
  properties: z.array(property),
  get components(): Keys {
    return z.array(component)
  },
})

export const cyclonedxKeys = z.object({
  ...keys("$schema", "bomFormat", "spdxVersion", "specVersion", "serialNumber", "version", "vulnerabilities").shape,
  metadata: z.object({
    ...keys("timestamp").shape,
    tools: z.union([
      z.object({ components: z.array(keys("group", "name")), services: z.unknown() }),
      z.array(keys("vendor", "name")),
    ]),
    component,
    properties: z.array(property),
  }),
  components: z.array(component),
  dependencies: z.array(keys("ref", "dependsOn", "provides")),
  externalReferences: z.array(keys("type", "url")),
})

const checksums = z.array(keys("algorithm", "checksumValue"))
const file = z.object({ ...keys("SPDXID", "fileName").shape, checksums })

export const spdxKeys = z.object({
  ...keys("spdxVersion", "bomFormat", "SPDXID", "name", "documentNamespace", "documentDescribes").shape,
  creationInfo: keys("created", "creators"),
  packages: z.array(
    z.object({
      ...keys("SPDXID", "name", "versionInfo", "sourceInfo", "primaryPackagePurpose", "filesAnalyzed").shape,
      ...keys("licenseDeclared", "licenseConcluded", "attributionTexts", "hasFiles").shape,
      externalRefs: z.array(keys("referenceCategory", "referenceType", "referenceLocator")),
      annotations: z.array(keys("comment", "annotator", "annotationDate", "annotationType")),
      checksums,
      files: z.array(file),
    }),
  ),
  files: z.array(file),
  relationships: z.array(keys("spdxElementId", "relationshipType", "relatedSpdxElement")),
  annotations: z.array(keys("comment")),
  snippets: z.unknown(),
  hasExtractedLicensingInfos: z.array(keys("licenseId", "extractedText")),
})
