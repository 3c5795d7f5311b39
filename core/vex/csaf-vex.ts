// VEX in the profile of CSAF 2.0. https://docs.oasis-open.org/csaf/csaf/v2.0/os/csaf-v2.0-os.html#45-profile-5-vex
import { z } from "zod"
import { checkSchema, isRecord } from "../oci/json.js"
import { type ProductTable, productTreeSchema, readProductTree } from "./csaf-products.js"
import { ids, statusesOf, statusSchema, unclearStatements } from "./csaf-status.js"
import { readItem, unreadStatement, whyOf } from "./unread.js"
import {
  checkLimits,
  idText,
  MAX_VEX_PRODUCTS,
  MAX_VEX_STATEMENTS,
  noteText,
  optional,
  reasonOf,
  refuseMore,
  timeText,
  type VexContent,
} from "./vex-content.js"
import type { VexStatement, VexStatus } from "./vex-document.js"

const labels = [
  "component_not_present",
  "inline_mitigations_already_exist",
  "vulnerable_code_cannot_be_controlled_by_adversary",
  "vulnerable_code_not_in_execute_path",
  "vulnerable_code_not_present",
] as const

const scope = { product_ids: ids, group_ids: ids }
const flagSchema = z.object({ label: z.enum(labels), ...scope })
const threatSchema = z.object({ category: z.string(), details: noteText, ...scope })

const vulnerabilitySchema = z
  .object({
    cve: optional(idText),
    ids: z
      .array(z.object({ text: idText }))
      .max(1000)
      .nullish(),
    product_status: statusSchema,
    flags: z.array(flagSchema).nullish(),
    threats: z.array(threatSchema).nullish(),
  })
  .refine((value) => value.cve !== undefined || (value.ids ?? []).length > 0, "needs a cve, or ids")
type Found = z.infer<typeof vulnerabilitySchema>

const documentSchema = z.object({
  document: z.object({
    category: z.literal("csaf_vex"),
    csaf_version: z.literal("2.0"),
    publisher: z.object({ name: z.string().max(4096) }),
    tracking: z.object({
      id: z.string().max(4096),
      current_release_date: timeText,
      status: z.enum(["final", "interim"], "expected final or interim: a draft states nothing"),
    }),
  }),
  product_tree: productTreeSchema,
  vulnerabilities: z.array(z.unknown()),
})

/** Reads a CSAF VEX document; throws `VEX_INVALID` with all that is wrong, or `LIMIT_EXCEEDED`. */
export function readCsafVex(document: unknown, what: string): VexContent {
  const {
    document: head,
    product_tree: tree,
    vulnerabilities,
  } = checkSchema(documentSchema, document, "VEX_INVALID", what)
  const table = readProductTree(tree)
  const timestamp = head.tracking.current_release_date
  refuseMore(vulnerabilities.length, MAX_VEX_STATEMENTS, "vulnerabilities", what)
  const statements = vulnerabilities.flatMap((one, number) => {
    const found = readItem(vulnerabilitySchema, one, `vulnerabilities[${number}]`)
    return found.success
      ? toStatements(found.data, table, timestamp, what)
      : [unreadVulnerability(one, whyOf(found.error, `vulnerabilities[${number}]`))]
  })
  const { id } = head.tracking
  return checkLimits({ format: "csaf", id, author: head.publisher.name, timestamp, statements }, what)
}

/** It may retract, unless all that it states suppresses. */
function unreadVulnerability(value: unknown, why: string): VexStatement {
  const { cve, product_status: stated } = isRecord(value) ? value : {}
  const names = isRecord(stated) ? Object.keys(stated) : []
  const suppresses = names.length > 0 && names.every((name) => name === "known_not_affected" || name === "fixed")
  const status = suppresses ? "not_affected" : undefined
  return unreadStatement({ vulnerability: idText.safeParse(cve).data, status }, why)
}

/** One statement for all products of a vulnerability with the same status, justification and note. */
function toStatements(found: Found, table: ProductTable, timestamp: string, what: string): VexStatement[] {
  const [vulnerability = "", ...aliases] = [
    ...(found.cve === undefined ? [] : [found.cve]),
    ...(found.ids ?? []).map((one) => one.text),
  ]
  const flags = expand(found.flags ?? [], table, what)
  const impacts = expand((found.threats ?? []).filter(isImpact), table, what)
  const statements = new Map<string, { status: VexStatus; justification: string; note: string; products: string[] }>()
  for (const [product, status] of statusesOf(found.product_status)) {
    if (status === undefined) continue
    const justification = firstOf(flags, product)?.label ?? ""
    const note = status === "not_affected" ? (firstOf(impacts, product)?.details ?? "") : ""
    const key = JSON.stringify([status, justification, note])
    const entry = statements.get(key) ?? { status, justification, note, products: [] }
    entry.products.push(product)
    statements.set(key, entry)
  }
  const unclear = [...statusesOf(found.product_status)].flatMap(([product, status]) =>
    status === undefined ? [product] : [],
  )
  return [
    ...unclearStatements(vulnerability, aliases, unclear, timestamp),
    ...[...statements.values()].map(({ status, justification, note, products }) => ({
      vulnerability,
      aliases,
      status,
      ...reasonOf(justification, note),
      timestamp,
      products: products.map(table.product),
    })),
  ]
}

/** Some vendors write a severity where others explain the impact: that is no reason for "not affected". */
function isImpact({ category, details }: z.infer<typeof threatSchema>): boolean {
  return category === "impact" && !/^(?:none|low|moderate|medium|important|high|critical)?$/i.test(details)
}

type Scoped = { readonly product_ids: readonly string[]; readonly group_ids: readonly string[] }
type Expanded<T> = { readonly common: T | undefined; readonly byProduct: ReadonlyMap<string, T> }

/** What is said of each product, the first where several are; without a scope it is said of all. */
function expand<T extends Scoped>(items: readonly T[], table: ProductTable, what: string): Expanded<T> {
  const byProduct = new Map<string, T>()
  let total = 0
  for (const item of items) {
    const scoped = [item.product_ids, ...item.group_ids.map(table.group)]
    total += scoped.reduce((sum, list) => sum + list.length, 0)
    refuseMore(total, MAX_VEX_PRODUCTS, "products in flags and threats", what)
    for (const product of scoped.flat()) if (!byProduct.has(product)) byProduct.set(product, item)
  }
  const common = items.find((item) => item.product_ids.length === 0 && item.group_ids.length === 0)
  return { common, byProduct }
}

function firstOf<T>({ common, byProduct }: Expanded<T>, product: string): T | undefined {
  return byProduct.get(product) ?? common
}
