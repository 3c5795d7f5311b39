// VEX in CycloneDX: the analysis of vulnerabilities, in a BOM or in a document of its own.
// https://cyclonedx.org/docs/1.6/json/#vulnerabilities
import { z } from "zod"
import { CsscError } from "../errors.js"
import { checkSchema } from "../oci/json.js"
import { type ComponentIndex, indexComponents, productOf } from "./cyclonedx-components.js"
import {
  checkLimits,
  idText,
  noteText,
  optional,
  opaqueName,
  reasonOf,
  timeText,
  undated,
  type VexContent,
} from "./vex-content.js"
import type { VexProduct, VexStatement, VexStatus } from "./vex-document.js"

const statuses = {
  not_affected: "not_affected",
  false_positive: "not_affected",
  resolved: "fixed",
  resolved_with_pedigree: "fixed",
  exploitable: "affected",
  in_triage: "under_investigation",
} as const satisfies Record<string, VexStatus>

const justifications = [
  "code_not_present",
  "code_not_reachable",
  "requires_configuration",
  "requires_dependency",
  "requires_environment",
  "protected_by_compiler",
  "protected_at_runtime",
  "protected_at_perimeter",
  "protected_by_mitigating_control",
] as const

const analysisSchema = z.object({
  state: optional(z.enum(Object.keys(statuses) as (keyof typeof statuses)[])),
  justification: z.enum(["", ...justifications]).nullish(),
  detail: noteText,
  firstIssued: timeText.nullish(),
  lastUpdated: timeText.nullish(),
})
const versionSchema = z.object({ version: optional(idText), range: optional(idText) })
const affectsSchema = z.object({
  ref: idText,
  versions: z
    .array(versionSchema)
    .nullish()
    .transform((list) => list ?? []),
})
const vulnerabilitySchema = z
  .object({
    id: optional(idText),
    references: z
      .array(z.object({ id: idText.nullish() }))
      .max(1000)
      .nullish(),
    analysis: optional(analysisSchema),
    affects: z
      .array(affectsSchema)
      .nullish()
      .transform((list) => list ?? []),
  })
  .refine(({ id, analysis }) => analysis?.state === undefined || id !== undefined, "needs an id")

const name = z.string().max(1000).nullish()
const organisation = z.object({ name }).nullish()
const documentSchema = z.object({
  bomFormat: z.literal("CycloneDX"),
  specVersion: z.string().regex(/^1\.\d{1,2}$/, "expected a version 1.x"),
  serialNumber: z.string().max(4096).nullish(),
  metadata: z
    .object({
      timestamp: timeText.nullish(),
      component: optional(z.unknown()),
      authors: z.array(z.object({ name })).max(100).nullish(),
      supplier: organisation,
      manufacturer: organisation,
      manufacture: organisation,
    })
    .nullish(),
  components: z.array(z.unknown()).nullish(),
  vulnerabilities: z.array(vulnerabilitySchema, "holds no vulnerabilities: an SBOM alone is no VEX"),
})
type Found = z.infer<typeof vulnerabilitySchema>

/** Reads the analysed vulnerabilities of a document; throws `VEX_INVALID` or `LIMIT_EXCEEDED`. */
export function readCycloneDxVex(document: unknown, what: string): VexContent {
  const found = checkSchema(documentSchema, document, "VEX_INVALID", what)
  const serial = found.serialNumber ?? ""
  const index = indexComponents(found.metadata?.component, found.components ?? [], serial, what)
  const timestamp = found.metadata?.timestamp ?? undated
  const statements = found.vulnerabilities.flatMap((one) => toStatement(one, index, timestamp, what))
  return checkLimits({ format: "cyclonedx", id: serial, author: authorOf(found), timestamp, statements }, what)
}

/** A vulnerability that nobody analysed is a finding of a scanner, not a statement. */
function toStatement(found: Found, index: ComponentIndex, made: string, what: string): VexStatement[] {
  const { id, references, analysis, affects } = found
  if (analysis?.state === undefined || id === undefined) return []
  return [
    {
      vulnerability: id,
      aliases: (references ?? []).flatMap((one) => one.id ?? []),
      status: statuses[analysis.state],
      ...reasonOf(analysis.justification ?? "", analysis.detail),
      timestamp: analysis.lastUpdated ?? analysis.firstIssued ?? made,
      products: affects.flatMap((one) => productsOf(one, index, what)),
    },
  ]
}

/** Versions narrow down a reference without one. What they are said to be does not count: the analysis decides. */
function productsOf({ ref, versions }: Found["affects"][number], index: ComponentIndex, what: string): VexProduct[] {
  const product = productOf(ref, index)
  const purl = product.subcomponents[0] ?? product.id
  if (versions.length === 0 || !/^pkg:/i.test(purl)) return [product]
  const [bare = "", own] = splitVersion(purl)
  return versions.map(({ version, range }) => {
    const stated = range === undefined ? (version ?? own) : undefined
    if (own !== undefined && stated !== undefined && decoded(own) !== decoded(stated)) {
      throw new CsscError(
        "VEX_INVALID",
        `${what} can be read in two ways: ${purl.slice(0, 200)} is said to have version ${stated.slice(0, 100)}`,
      )
    }
    const narrowed =
      stated === undefined ? opaqueName(`${purl} ${range ?? ""}`) : withVersion(purl, bare, own ?? stated)
    return product.subcomponents.length > 0 ? { ...product, subcomponents: [narrowed] } : { ...product, id: narrowed }
  })
}

/** A purl without version, qualifiers and subpath; and its version, as written. */
function splitVersion(purl: string): [string, string | undefined] {
  const [path = ""] = purl.split(/[?#]/)
  const at = path.lastIndexOf("@")
  return at > path.lastIndexOf("/") ? [path.slice(0, at), path.slice(at + 1)] : [path, undefined]
}

function withVersion(purl: string, bare: string, version: string): string {
  const rest = /[?#].*$/s.exec(purl)?.[0] ?? ""
  return `${bare}@${encodeURIComponent(decoded(version))}${rest}`
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function authorOf({ metadata }: z.infer<typeof documentSchema>): string {
  const authors = (metadata?.authors ?? []).flatMap((one) => one.name ?? [])
  if (authors.length > 0) return authors.join(", ")
  return metadata?.supplier?.name ?? metadata?.manufacturer?.name ?? metadata?.manufacture?.name ?? ""
}
