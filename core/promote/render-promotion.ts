// A promotion's result as Markdown: what was promoted, attached, left behind and deleted, then the verdict.
import type { DeletionResult } from "../delete/deletion.js"
import { code, plain, shortDigest, table } from "../evidence/render/escape.js"
import { renderVerdict } from "../evidence/render/render-verdict.js"
import type { PromotionResult } from "./promotion-result.js"

export function renderPromotion(result: PromotionResult): string {
  const attached = result.evidence.filter(({ existing }) => !existing).length
  const rows: [string, string][] = [
    ["Source", code(result.source)],
    ["Target", code(result.target)],
    ["Digest", code(result.digest)],
    [
      "Tag before",
      result.previousDigest === undefined
        ? "not there"
        : result.previousDigest === result.digest
          ? "the same"
          : shortDigest(result.previousDigest),
    ],
    [
      "Evidence",
      `${attached} attached, ${result.evidence.length - attached} there already, ${result.carried.length + result.digestTags.length} carried over`,
    ],
    ...(result.sourceMovedTo === undefined
      ? []
      : [
          ["Source's tag", `moved to ${shortDigest(result.sourceMovedTo)} after it was judged: not promoted`] as [
            string,
            string,
          ],
        ]),
    ...(result.deletion === undefined
      ? []
      : [["Source", plain(describeDeletion(result.deletion))] as [string, string]]),
  ]
  const left = result.leftBehind.map(
    ({ digest, artifactType, why }) => `- ${code(artifactType)} ${shortDigest(digest)}: ${plain(why)}`,
  )
  const behind = left.length === 0 ? "" : `\nLeft behind:\n${left.slice(0, 50).join("\n")}\n`
  return `## Promotion: ${result.outcome}\n\n${table(["", ""], rows)}\n${behind}\n${renderVerdict(result.verdict)}`
}

/** `deleted`, or why not. */
export function describeDeletion({ status, reason, deleted }: DeletionResult): string {
  const count = deleted.length > 1 ? ` (${deleted.length} manifests)` : ""
  return `${status}${count}${reason === undefined ? "" : `: ${reason}`}`
}
