// The product tree of a CSAF document: who is who, and what is part of what.
// https://docs.oasis-open.org/csaf/csaf/v2.0/os/csaf-v2.0-os.html#322-product-tree-property
import { z } from "zod"
import { unreadableName } from "./unread.js"
import { idText, opaqueName, optional } from "./vex-content.js"
import type { VexProduct } from "./vex-document.js"

const helperSchema = z.object({ purl: idText.nullish(), cpe: idText.nullish() }).nullish()
const productSchema = z.object({
  product_id: idText,
  name: z.string().max(4096),
  product_identification_helper: helperSchema,
})
type Product = z.infer<typeof productSchema>

type Branch = {
  readonly product?: Product | undefined
  readonly branches?: readonly Branch[] | null | undefined
}
const branchSchema: z.ZodType<Branch> = z.object({
  product: optional(productSchema),
  get branches() {
    return z.array(branchSchema).nullish()
  },
})

export const productTreeSchema = z.object({
  branches: z.array(branchSchema).nullish(),
  full_product_names: z.array(productSchema).nullish(),
  relationships: z
    .array(
      z.object({
        full_product_name: productSchema,
        product_reference: idText,
        relates_to_product_reference: idText,
      }),
    )
    .nullish(),
  product_groups: z.array(z.object({ group_id: idText, product_ids: z.array(idText) })).nullish(),
})
type ProductTree = z.infer<typeof productTreeSchema>

/** Relationships of relationships: real trees have one or two. */
const maxDepth = 10

/** How a document's product ids read. */
export type ProductTable = {
  readonly product: (id: string) => VexProduct
  /** The products of a group. */
  readonly group: (id: string) => readonly string[]
}

/** Reads the tree; a product that is defined twice, or not at all, is one that cannot be read. */
export function readProductTree(tree: ProductTree): ProductTable {
  const relationships = tree.relationships ?? []
  const parts = new Map(relationships.map((one) => [one.full_product_name.product_id, one]))
  const all = [...leavesOf(tree), ...relationships.map((one) => one.full_product_name)]
  const names = new Map<string, string>()
  for (const product of all) {
    const { product_id: id } = product
    names.set(
      id,
      names.has(id) ? unreadableName(`the product "${id.slice(0, 200)}" is defined twice`) : nameOf(product),
    )
  }
  const groups = new Map((tree.product_groups ?? []).map((one) => [one.group_id, one.product_ids]))

  const follow = (start: string, side: "product_reference" | "relates_to_product_reference"): string => {
    let id = start
    for (let depth = 0; depth <= maxDepth; depth++) {
      const part = parts.get(id)
      if (part === undefined) return names.get(id) ?? undefinedName(id)
      id = part[side]
    }
    return unreadableName(`relationships of products deeper than ${maxDepth}`)
  }
  return {
    product: (id) => {
      const part = parts.get(id)
      if (part === undefined) return { id: names.get(id) ?? undefinedName(id), subcomponents: [] }
      const component = follow(part.product_reference, "product_reference")
      return {
        id: follow(part.relates_to_product_reference, "relates_to_product_reference"),
        subcomponents: [component],
      }
    },
    group: (id) => groups.get(id) ?? [],
  }
}

function leavesOf(tree: ProductTree): Product[] {
  const found: Product[] = [...(tree.full_product_names ?? [])]
  const waiting: Branch[] = [...(tree.branches ?? [])]
  for (let branch = waiting.pop(); branch !== undefined; branch = waiting.pop()) {
    if (branch.product !== undefined) found.push(branch.product)
    for (const child of branch.branches ?? []) waiting.push(child)
  }
  return found
}

function nameOf({ product_identification_helper: helper, name, product_id }: Product): string {
  return helper?.purl ?? helper?.cpe ?? opaqueName(`${name}, ${product_id}`)
}

function undefinedName(id: string): string {
  return unreadableName(`the product "${id.slice(0, 200)}" is not defined`)
}
