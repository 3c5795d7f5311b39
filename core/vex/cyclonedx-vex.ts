// VEX in CycloneDX: the analysis of vulnerabilities, in a BOM or in a document of its own.
// https://cyclonedx.org/docs/1.6/json/#vulnerabilities
import { z } from "zod"
import { checkSchema, isRecord } from "../oci/json.js"
import { statedProducts } from "./cyclonedx-affects.js"
import { type ComponentIndex, indexComponents } from "./cyclonedx-components.js"
import { latest, readItem, unreadStatement, whyOf } from "./unread.js"
import {
  checkLimits,
  idText,
  MAX_VEX_STATEMENTS,
  noteText,
  optional,
  reasonOf,
  refuseMore,
  timeText,
  undated,
  type VexContent,
} from "./vex-content.js"
import { isSuppressing, type VexStatement, type VexStatus } from "./vex-document.js"

const statuses = {
  not_affected: "not_affected",
  false_positive: "not_affected",
  resolved: "fixed",
  resolved_with_pedigree: "fixed",
  exploitable: "affected",
  in_triage: "under_investigation",
} as const satisfies Record<string, VexStatus>

type State = keyof typeof statuses

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
  state: optional(z.enum(Object.keys(statuses) as State[])),
  justification: z.enum(["", ...justifications]).nullish(),
  detail: noteText,
  firstIssued: timeText.nullish(),
  lastUpdated: timeText.nullish(),
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
      .array(z.unknown())
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
  vulnerabilities: z.array(z.unknown(), "holds no vulnerabilities: an SBOM alone is no VEX"),
})
type Found = z.infer<typeof vulnerabilitySchema>

/** Reads the analysed vulnerabilities of a document; throws `VEX_INVALID` or `LIMIT_EXCEEDED`. */
export function readCycloneDxVex(document: unknown, what: string): VexContent {
  const found = checkSchema(documentSchema, document, "VEX_INVALID", what)
  const serial = found.serialNumber ?? ""
  const index = indexComponents(found.metadata?.component, found.components ?? [], serial, what)
  const timestamp = found.metadata?.timestamp ?? undated
  refuseMore(found.vulnerabilities.length, MAX_VEX_STATEMENTS, "vulnerabilities", what)
  const statements = found.vulnerabilities.flatMap((one, number) =>
    readVulnerability(one, index, timestamp, `vulnerabilities[${number}]`),
  )
  return checkLimits({ format: "cyclonedx", id: serial, author: authorOf(found), timestamp, statements }, what)
}

function readVulnerability(value: unknown, index: ComponentIndex, made: string, at: string): VexStatement[] {
  const found = readItem(vulnerabilitySchema, value, at)
  if (found.success) return toStatements(found.data, index, made, at)
  const { id, analysis } = isRecord(value) ? value : { id: undefined, analysis: value }
  if ((analysis ?? null) === null) return []
  const state = isRecord(analysis) ? analysis["state"] : undefined
  const status = typeof state === "string" && Object.hasOwn(statuses, state) ? statuses[state as State] : undefined
  const known = idText.safeParse(id)
  return [unreadStatement({ vulnerability: known.data, status }, whyOf(found.error, at))]
}

/** A vulnerability that nobody analysed is a finding of a scanner, not a statement. */
function toStatements(found: Found, index: ComponentIndex, made: string, at: string): VexStatement[] {
  const { id, references, analysis, affects } = found
  if (analysis?.state === undefined || id === undefined) return []
  const common = {
    vulnerability: id,
    aliases: (references ?? []).flatMap((one) => one.id ?? []),
    ...reasonOf(analysis.justification ?? "", analysis.detail),
  }
  const dated = analysis.lastUpdated ?? analysis.firstIssued ?? made
  const products = statedProducts(affects, statuses[analysis.state], index, at)
  return products.map(([status, named]) => ({ ...common, status, timestamp: timeOf(status, dated), products: named }))
}

// Of a retraction without any date nobody knows that it is older than what it takes back.
function timeOf(status: VexStatus, dated: string): string {
  return dated === undated && !isSuppressing(status) ? latest : dated
}

function authorOf({ metadata }: z.infer<typeof documentSchema>): string {
  const authors = (metadata?.authors ?? []).flatMap((one) => one.name ?? [])
  if (authors.length > 0) return authors.join(", ")
  return metadata?.supplier?.name ?? metadata?.manufacturer?.name ?? metadata?.manufacture?.name ?? ""
}
