// Which statements can be used at all. The others never help an image to pass, and are named.
import { isSuppressing, type VexStatement, type VexStatus } from "../../vex/vex-document.js"
import { maxClockSkew } from "../judge/clock-skew.js"
import type { Product } from "./product.js"

/**
 * Why a statement cannot suppress anything. One that would only keep a finding open stays in force whatever is wrong
 * with it: else a mistake in a retraction would leave the retracted statement standing.
 */
export function shortcomingOf(statement: VexStatement, now: Date): string | undefined {
  const { status, justification, note, timestamp, products } = statement
  if (statement.unread !== undefined) return `cannot be read: ${statement.unread}`
  if (products.length === 0) return "names no product"
  if (!isSuppressing(status)) return undefined
  if (Date.parse(timestamp) > now.getTime() + maxClockSkew) return "is from the future"
  const silent = (justification ?? "") === "" && (note ?? "") === ""
  return status === "not_affected" && silent ? "does not say why it is not affected" : undefined
}

/**
 * Why a product cannot be used. That a vulnerability is fixed is true from some version on: without one nobody knows
 * whether the image has it. A tag is none, as it may have moved since.
 */
export function productShortcoming(
  status: VexStatus,
  product: Product,
  subcomponents: readonly Product[],
): string | undefined {
  for (const one of [product, ...subcomponents]) if (one.kind === "unusable") return one.why
  const exact = subcomponents.length > 0 ? subcomponents.every(isExact) : isExact(product)
  const pinned = exact || (product.kind === "image" && product.image.digest !== undefined)
  return status === "fixed" && !pinned ? "is fixed in no version that it names" : undefined
}

function isExact(product: Product): boolean {
  if (product.kind === "package") return product.purl.version !== ""
  return product.kind === "image" ? product.image.digest !== undefined : true
}
