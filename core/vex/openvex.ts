// OpenVEX. https://github.com/openvex/spec/blob/v0.2.0/OPENVEX-SPEC.md; documents of 0.0.x name vulnerability and
// products by text, and subcomponents once for the whole statement.
import { z } from "zod"
import { checkSchema, isRecord } from "../oci/json.js"
import { readItem, unreadableName, unreadableProduct, unreadStatement, whyOf } from "./unread.js"
import {
  aliasList,
  checkLimits,
  idText,
  MAX_VEX_STATEMENTS,
  noteText,
  optional,
  reasonOf,
  refuseMore,
  timeText,
  type VexContent,
} from "./vex-content.js"
import { isSuppressing, type VexProduct, type VexStatement, vexStatuses } from "./vex-document.js"

const justifications = [
  "component_not_present",
  "vulnerable_code_not_present",
  "vulnerable_code_not_in_execute_path",
  "vulnerable_code_cannot_be_controlled_by_adversary",
  "inline_mitigations_already_exist",
] as const

// Without a version it is what tools wrote before 0.2.0.
const contextPattern = /^https:\/\/openvex\.dev\/ns(?:\/v0\.[012]\.\d{1,3})?$/

const asObject = (key: string) => (value: unknown) => (typeof value === "string" ? { [key]: value } : value)

const componentShape = {
  "@id": optional(idText),
  identifiers: optional(z.object({ purl: optional(idText), cpe23: optional(idText), cpe22: optional(idText) })),
}
type Component = z.infer<z.ZodObject<typeof componentShape>>

const hasName = (value: Component) => nameOf(value) !== undefined
// One thing under two package URLs: some readers would match the one, some the other.
const hasOneName = ({ "@id": id, identifiers }: Component) =>
  !/^pkg:/i.test(id ?? "") || identifiers?.purl === undefined || identifiers.purl === id
const namedBy = "needs an @id, or identifiers with a purl"
const twoLists = "can be read in two ways: the statement has subcomponents of its own and in its products"
const twoNames = "can be read in two ways: @id and identifiers.purl are different package URLs"

const componentSchema = z.preprocess(
  asObject("@id"),
  z.object(componentShape).refine(hasName, namedBy).refine(hasOneName, twoNames),
)
// Each is read by itself: one that cannot be read says nothing of the others.
const productsSchema = z
  .array(z.unknown())
  .nullish()
  .transform((list) => list ?? [])

const productSchema = z.preprocess(
  asObject("@id"),
  z
    .object({ ...componentShape, subcomponents: productsSchema })
    .refine(hasName, namedBy)
    .refine(hasOneName, twoNames),
)

const vulnerabilitySchema = z.preprocess(
  asObject("name"),
  z
    .object({ name: optional(idText), "@id": optional(idText), aliases: aliasList })
    .refine((value) => value.name !== undefined || value["@id"] !== undefined, "needs a name"),
)

const statementSchema = z.object({
  vulnerability: vulnerabilitySchema,
  status: z.enum(vexStatuses),
  justification: z.enum(["", ...justifications]).nullish(),
  impact_statement: noteText,
  action_statement: noteText,
  status_notes: noteText,
  timestamp: optional(timeText),
  last_updated: optional(timeText),
  products: productsSchema,
  subcomponents: productsSchema,
})

type Found = z.infer<typeof statementSchema>

const documentSchema = z.object({
  "@context": z.string().regex(contextPattern, "expected OpenVEX up to 0.2, such as https://openvex.dev/ns/v0.2.0"),
  "@id": z.string().max(4096).nullish(),
  author: z.string().max(4096),
  timestamp: timeText,
  statements: z.array(z.unknown()),
})

/**
 * Reads an OpenVEX document; throws `VEX_INVALID` with all that is wrong with it as a whole, or `LIMIT_EXCEEDED`. What is
 * wrong with a statement or product is kept with it.
 */
export function readOpenVex(document: unknown, what: string): VexContent {
  const { "@id": id, author, timestamp, statements } = checkSchema(documentSchema, document, "VEX_INVALID", what)
  refuseMore(statements.length, MAX_VEX_STATEMENTS, "statements", what)
  const read = statements.map((statement, at) => readStatement(statement, timestamp, `statements[${at}]`))
  return checkLimits({ format: "openvex", id: id ?? "", author, timestamp, statements: read }, what)
}

function readStatement(value: unknown, made: string, at: string): VexStatement {
  const found = readItem(statementSchema, value, at)
  if (found.success) return toStatement(found.data, made, at)
  const { vulnerability, status } = isRecord(value) ? value : {}
  const known = vulnerabilitySchema.safeParse(vulnerability)
  return unreadStatement(
    { vulnerability: known.success ? idOf(known.data) : undefined, status },
    whyOf(found.error, at),
  )
}

function toStatement(found: Found, made: string, at: string): VexStatement {
  const { vulnerability, status, products, subcomponents } = found
  const times = [found.timestamp, found.last_updated].filter((time) => time !== undefined)
  const id = idOf(vulnerability)
  const other = vulnerability["@id"] ?? id
  return {
    vulnerability: id,
    // A retraction by whichever of its names; who suppresses must use the one that matters.
    aliases: other === id || isSuppressing(status) ? vulnerability.aliases : [...vulnerability.aliases, other],
    status,
    ...reasonOf(found.justification ?? "", noteOf(found)),
    timestamp: times.sort().at(-1) ?? made,
    products: products.map((product, number) => toProduct(product, subcomponents, `${at}.products[${number}]`)),
  }
}

function idOf({ name, "@id": id }: z.infer<typeof vulnerabilitySchema>): string {
  return name ?? id ?? ""
}

/** Notes on the status are no impact statement, which the specification asks for where there is no justification. */
function noteOf(found: Found): string {
  if (found.status !== "not_affected") return found.action_statement || found.status_notes
  return found.impact_statement || ((found.justification ?? "") === "" ? "" : found.status_notes)
}

function toProduct(value: unknown, common: readonly unknown[], at: string): VexProduct {
  const found = readItem(productSchema, value, at)
  if (!found.success) return unreadableProduct(whyOf(found.error, at))
  const { subcomponents: own, ...product } = found.data
  if (own.length > 0 && common.length > 0) return unreadableProduct(`${at}: ${twoLists}`)
  const parts = own.length > 0 ? own : common
  return {
    id: nameOf(product) ?? "",
    subcomponents: parts.map((part, number) => partOf(part, `${at}.subcomponents[${number}]`)),
  }
}

function partOf(value: unknown, at: string): string {
  const found = readItem(componentSchema, value, at)
  return found.success ? (nameOf(found.data) ?? "") : unreadableName(whyOf(found.error, at))
}

function nameOf({ "@id": id, identifiers }: Component): string | undefined {
  return identifiers?.purl ?? id ?? identifiers?.cpe23 ?? identifiers?.cpe22
}
