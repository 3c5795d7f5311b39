// What retiring an image did, as Markdown.
import { renderDeletion } from "../delete/render-deletion.js"
import { code, plain } from "../evidence/render/escape.js"
import type { RetirementResult } from "./retirement-result.js"

export function renderRetirement(result: RetirementResult): string {
  const { image, reason, successor, retiredAt, tags, archive, tombstone, deletion, dryRun } = result
  const kept = archive.verified ? "archived and verified" : "would be archived"
  const lines = [
    `- reason: ${plain(reason)}`,
    `- end of life: ${code(retiredAt)}`,
    ...(successor === undefined ? [] : [`- successor: ${code(successor)}`]),
    `- tags: ${tags.length === 0 ? "none" : tags.slice(0, 50).map(code).join(", ")}`,
    `- ${kept}: ${archive.digests.length} digests, ${archive.manifests} of them manifests`,
    ...(tombstone === undefined
      ? []
      : [`- tombstone ${tombstone.state}: ${code(tombstone.tag)} ${code(tombstone.digest)}`]),
    ...(deletion === undefined ? ["- the image stays: its deletion was not asked for"] : []),
  ]
  const head = `## Retire ${code(image)}${dryRun ? " (dry run)" : ""}\n\n${lines.join("\n")}\n`
  return deletion === undefined ? head : `${head}\n${renderDeletion(image, deletion)}`
}
