// What the trend is drawn from: a point for each earlier result, and one for what is reported now.
import type { EarlierResult, Report, ReportedImage, ReportedInventory } from "./report.js"

/** What a report of these images would be later. */
export function imagesPoint(images: readonly ReportedImage[], at: string): EarlierResult {
  const count = (...wanted: readonly string[]) => images.filter(({ outcome }) => wanted.includes(outcome)).length
  return {
    of: "images",
    at,
    promoted: count("promote", "unchanged"),
    blocked: count("blocked", "blocked-missing-sbom", "unassessed"),
    failed: count("failed"),
    blocking: new Set(images.flatMap(({ verdict }) => verdict?.remaining ?? [])).size,
  }
}

/** Of an inventory, proven is what promoted is of a run: what may be deployed. */
export function inventoryPoint({ checkedAt, rows }: ReportedInventory): EarlierResult {
  const count = (wanted: string) => rows.filter(({ state }) => state === wanted).length
  const [promoted, blocked, failed] = [count("proven"), count("unproven"), count("unread")]
  return { of: "inventory", at: checkedAt, promoted, blocked, failed, blocking: 0 }
}

/** The points of a report's trend: earlier results of the same kind, then itself. */
export function trendOf({ earlier = [], kind, images, inventory, generatedAt }: Report): EarlierResult[] {
  const of = kind === "inventory" ? "inventory" : "images"
  const present =
    kind === "inventory" && inventory !== undefined ? inventoryPoint(inventory) : imagesPoint(images, generatedAt)
  return [...earlier.filter((point) => point.of === of), present]
}
