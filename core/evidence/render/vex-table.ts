// The VEX documents that were there: which counted, and what each did.
import { code, type Content, counted, fold, mark, type Page, table } from "../../page/page.js"
import type { VexUse } from "../../policy/verdict/verdict.js"

const maxRows = 50

export function renderVex(uses: readonly VexUse[] = []): Page {
  if (uses.length === 0) return []
  const suppressed = uses.reduce((sum, use) => sum + use.suppressed.length, 0)
  const header = ["Document", "Author", "Signature", "Counts", "Suppressed", "Without a match"]
  const title = `VEX: ${counted(uses.length, "document")}, ${suppressed} suppressed`
  return [fold(title, [table(header, uses.map(cells), maxRows)])]
}

function cells(use: VexUse): Content[] {
  return [
    code(use.source),
    use.publisher ?? use.author,
    use.signature,
    use.trusted ? "yes" : [mark("warn", "no"), `: ${use.why ?? ""}`],
    `${use.suppressed.length} by ${counted(use.statements, "statement")}`,
    String(use.unmatched.length),
  ]
}
