// OpenVEX. https://github.com/openvex/spec/blob/v0.2.0/OPENVEX-SPEC.md; documents of 0.0.x name vulnerability and
// products by text, and subcomponents once for the whole statement.
import { z } from "zod"
import { CsscError } from "../errors.js"
import { checkSchema } from "../oci/json.js"
import {
  aliasList,
  checkLimits,
  idText,
  noteText,
  optional,
  reasonOf,
  timeText,
  type VexContent,
} from "./vex-content.js"
import { type VexProduct, type VexStatement, vexStatuses } from "./vex-document.js"

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
const twoNames = "can be read in two ways: @id and identifiers.purl are different package URLs"

const componentSchema = z.preprocess(
  asObject("@id"),
  z.object(componentShape).refine(hasName, namedBy).refine(hasOneName, twoNames),
)
const componentList = z
  .array(componentSchema)
  .nullish()
  .transform((list) => list ?? [])
const productSchema = z.preprocess(
  asObject("@id"),
  z
    .object({ ...componentShape, subcomponents: componentList })
    .refine(hasName, namedBy)
    .refine(hasOneName, twoNames),
)

const vulnerabilitySchema = z.preprocess(
  asObject("name"),
  z
    .object({ name: optional(idText), "@id": optional(idText), aliases: aliasList })
    .refine((value) => value.name !== undefined || value["@id"] !== undefined, "needs a name"),
)

const statementSchema = z
  .object({
    vulnerability: vulnerabilitySchema,
    status: z.enum(vexStatuses),
    justification: z.enum(["", ...justifications]).nullish(),
    impact_statement: noteText,
    action_statement: noteText,
    status_notes: noteText,
    timestamp: optional(timeText),
    last_updated: optional(timeText),
    products: z
      .array(productSchema)
      .nullish()
      .transform((list) => list ?? []),
    subcomponents: componentList,
  })
  .refine(
    ({ products, subcomponents }) =>
      subcomponents.length === 0 || products.every((product) => product.subcomponents.length === 0),
    "can be read in two ways: it has subcomponents of its own and in its products",
  )

const documentSchema = z.object({
  "@context": z.string().regex(contextPattern, "expected OpenVEX up to 0.2, such as https://openvex.dev/ns/v0.2.0"),
  "@id": z.string().max(4096).nullish(),
  author: z.string().max(4096),
  timestamp: timeText,
  statements: z.array(statementSchema),
})

/** Reads an OpenVEX document; throws `VEX_INVALID` with all that is wrong, or `LIMIT_EXCEEDED`. */
export function readOpenVex(document: unknown, what: string): VexContent {
  const { "@id": id, author, timestamp, statements } = checkSchema(documentSchema, document, "VEX_INVALID", what)
  const read = statements.map((statement) => toStatement(statement, timestamp, what))
  return checkLimits({ format: "openvex", id: id ?? "", author, timestamp, statements: read }, what)
}

function toStatement(found: z.infer<typeof statementSchema>, made: string, what: string): VexStatement {
  const { vulnerability, status, products, subcomponents } = found
  const times = [found.timestamp, found.last_updated].filter((time) => time !== undefined)
  return {
    vulnerability: vulnerability.name ?? vulnerability["@id"] ?? "",
    aliases: vulnerability.aliases,
    status,
    ...reasonOf(found.justification ?? "", noteOf(found)),
    timestamp: times.sort().at(-1) ?? made,
    products: products.map((product) => toProduct(product, subcomponents, what)),
  }
}

/** Notes on the status are no impact statement, which the specification asks for where there is no justification. */
function noteOf(found: z.infer<typeof statementSchema>): string {
  if (found.status !== "not_affected") return found.action_statement || found.status_notes
  return found.impact_statement || ((found.justification ?? "") === "" ? "" : found.status_notes)
}

function toProduct(product: z.infer<typeof productSchema>, common: readonly Component[], what: string): VexProduct {
  const subcomponents = product.subcomponents.length > 0 ? product.subcomponents : common
  return { id: required(product, what), subcomponents: subcomponents.map((one) => required(one, what)) }
}

function required(component: Component, what: string): string {
  const name = nameOf(component)
  if (name === undefined) throw new CsscError("VEX_INVALID", `${what} has a product without a name`)
  return name
}

function nameOf({ "@id": id, identifiers }: Component): string | undefined {
  return identifiers?.purl ?? id ?? identifiers?.cpe23 ?? identifiers?.cpe22
}
