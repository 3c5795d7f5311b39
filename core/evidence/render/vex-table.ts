// The VEX documents that were there: which counted, and what each did.
import type { VexUse } from "../../policy/verdict/verdict.js"
import { code, plain, shortDigest, table } from "./escape.js"

const maxRows = 50

export function renderVex(uses: readonly VexUse[] = []): string[] {
  if (uses.length === 0) return []
  const suppressed = uses.reduce((sum, use) => sum + use.suppressed.length, 0)
  const rows = uses.slice(0, maxRows).map(cells)
  const rest = uses.length - rows.length
  const more = rest > 0 ? [`_and ${rest} more in the verdict_`] : []
  const title = `### VEX: ${uses.length} ${uses.length === 1 ? "document" : "documents"}, ${suppressed} suppressed`
  const header = ["Document", "Digest", "Author", "Signature", "Counts", "Suppressed", "Statements", "Without a match"]
  return [title, table(header, rows), ...more]
}

function cells(use: VexUse): string[] {
  return [
    code(use.source),
    shortDigest(use.digest),
    plain(use.publisher ?? use.author) || "–",
    use.signature,
    use.trusted ? "yes" : `**no**: ${plain(use.why ?? "")}`,
    String(use.suppressed.length),
    String(use.statements),
    String(use.unmatched.length),
  ]
}
