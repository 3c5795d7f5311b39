// What retiring an image did, told.
import { renderDeletion } from "../delete/render-deletion.js"
import { code, type Content, facts, heading, type Page, some, time } from "../page/page.js"
import type { RetirementResult } from "./retirement-result.js"

export function renderRetirement(result: RetirementResult): Page {
  const { image, reason, successor, retiredAt, tags, archive, tombstone, deletion, dryRun } = result
  const kept = archive.verified ? "archived and verified" : "would be archived"
  const names = tags.map((tag) => code(tag))
  const rows: [string, Content][] = [
    ["Reason", reason],
    ["End of life", [code(retiredAt), " ", time(retiredAt)]],
    ...(successor === undefined ? [] : [["Successor", code(successor)] as [string, Content]]),
    ["Tags", tags.length === 0 ? "none" : some(names, 50)],
    ["Archive", `${kept}: ${archive.digests.length} digests, ${archive.manifests} of them manifests`],
    ...(tombstone === undefined
      ? []
      : [[`Tombstone ${tombstone.state}`, [code(tombstone.tag), " ", code(tombstone.digest)]] as [string, Content]]),
    ...(deletion === undefined ? [["The image", "stays: its deletion was not asked for"] as [string, Content]] : []),
  ]
  const head = [heading(2, "Retire ", code(image), dryRun ? " (dry run)" : ""), facts(rows)]
  return deletion === undefined ? head : [...head, ...renderDeletion(image, deletion)]
}
