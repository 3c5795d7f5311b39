// Which status a CSAF document gives to which products.
// https://docs.oasis-open.org/csaf/csaf/v2.0/os/csaf-v2.0-os.html#3239-vulnerabilities-property---product-status
import { z } from "zod"
import { unreadableProduct } from "./unread.js"
import { idText } from "./vex-content.js"
import type { VexStatement, VexStatus } from "./vex-document.js"

const statuses = {
  known_not_affected: "not_affected",
  fixed: "fixed",
  first_fixed: "fixed",
  known_affected: "affected",
  first_affected: "affected",
  last_affected: "affected",
  under_investigation: "under_investigation",
} as const satisfies Record<string, VexStatus>
type Group = keyof typeof statuses

export const ids = z
  .array(idText)
  .nullish()
  .transform((list) => list ?? [])
const groups = Object.keys(statuses) as Group[]
const statusShape = Object.fromEntries(groups.map((group) => [group, ids])) as Record<Group, typeof ids>
export const statusSchema = z.object(statusShape).nullish()
type StatusGroups = z.infer<typeof statusSchema>

/** Products with two statuses: which of them is meant nobody knows, so it may be taken back. */
export function unclearStatements(
  vulnerability: string,
  aliases: readonly string[],
  products: readonly string[],
  timestamp: string,
): VexStatement[] {
  if (products.length === 0) return []
  const names = products.map((id) => unreadableProduct(`the product "${id.slice(0, 200)}" has two statuses`))
  return [{ vulnerability, aliases: [...aliases], status: "under_investigation", timestamp, products: names }]
}

/** The status of each product; nothing where two contradict each other (CSAF's mandatory test 6.1.6). */
export function statusesOf(found: StatusGroups): ReadonlyMap<string, VexStatus | undefined> {
  const result = new Map<string, VexStatus | undefined>()
  for (const group of groups) {
    for (const product of found?.[group] ?? []) {
      const twice = result.has(product) && result.get(product) !== statuses[group]
      result.set(product, twice ? undefined : statuses[group])
    }
  }
  return result
}
