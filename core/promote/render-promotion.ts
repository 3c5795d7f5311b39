// A promotion's result, told: what became of the image and why, the verdict, and folded away what was attached and left.
import type { DeletionResult } from "../delete/deletion.js"
import { promotedWords, signOf } from "../evidence/render/outcome-sentence.js"
import { imageName, verdictBody } from "../evidence/render/render-verdict.js"
import { code, type Content, facts, fold, heading, list, mark, type Page, shortDigest, signed } from "../page/page.js"
import type { PromotionResult } from "./promotion-result.js"
import { describePruned } from "./render-pruned.js"

const maxLeft = 50

export function renderPromotion(result: PromotionResult): Page {
  const [target = ""] = result.target.split("@")
  return [
    heading(
      2,
      signed(signOf(result.outcome)),
      ` ${promotedWords(result.outcome)}: `,
      ...imageName(result.source),
      " → ",
      code(target),
    ),
    facts(changes(result)),
    ...verdictBody(result.verdict),
    ...leftBehind(result),
  ]
}

function changes(result: PromotionResult): [string, Content][] {
  const attached = result.evidence.filter(({ existing }) => !existing).length
  const carried = result.carried.length + result.digestTags.length
  return [
    ["Digest", code(result.digest)],
    ["Tag before", before(result)],
    ["Evidence", `${attached} attached, ${result.evidence.length - attached} there already, ${carried} carried over`],
    ...row("Older evidence", result.pruned, describePruned),
    ...row("Source's tag", result.sourceMovedTo, (digest) => [
      "moved to ",
      shortDigest(digest),
      " after it was judged: not promoted",
    ]),
    ...row("Source", result.deletion, describeDeletion),
    ...row("Error", result.error, (error) => mark("bad", error)),
  ]
}

function row<T>(name: string, value: T | undefined, told: (value: T) => Content): [string, Content][] {
  return value === undefined ? [] : [[name, told(value)]]
}

function before({ previousDigest, digest }: PromotionResult): Content {
  if (previousDigest === undefined) return "not there"
  return previousDigest === digest ? "the same" : shortDigest(previousDigest)
}

function leftBehind({ leftBehind: left }: PromotionResult): Page {
  if (left.length === 0) return []
  const rest = left.length - maxLeft
  const items = left
    .slice(0, maxLeft)
    .map(({ digest, artifactType, why }) => [code(artifactType), " ", shortDigest(digest), `: ${why}`])
  return [fold(`Left behind: ${left.length}`, [list([...items, ...(rest > 0 ? [`and ${rest} more`] : [])])])]
}

/** `deleted`, or why not. */
export function describeDeletion({ status, reason, deleted }: DeletionResult): string {
  const count = deleted.length > 1 ? ` (${deleted.length} manifests)` : ""
  return `${status}${count}${reason === undefined ? "" : `: ${reason}`}`
}
