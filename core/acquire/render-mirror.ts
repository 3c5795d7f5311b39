// A mirror's result, told.
import {
  code,
  type Content,
  facts,
  heading,
  list,
  type Page,
  paragraph,
  shortDigest,
  type Sign,
  signed,
} from "../page/page.js"
import { type HistoryState, type MirrorResult, referrersNote } from "./mirror-result.js"

export function renderMirror(result: MirrorResult): Page {
  const { source, target, digest, repaired, provenance, retired, plan, requests } = result
  const [sign, words] = headline(result)
  const rows: [string, Content][] = [
    ["Source", code(source)],
    ["Target", code(target)],
    ["Digest", code(digest)],
    ["Before", before(result)],
    ["Attached", referrersNote(result)],
    ["History", histories[result.history]],
    ...(retired === undefined ? [] : [["Retired", retired] as [string, Content]]),
    ...(repaired.length === 0 ? [] : [["Repaired", `${repaired.length} missing parts`] as [string, Content]]),
    ...(provenance.length === 0
      ? []
      : [["Provenance", `${provenance.length} statements attached`] as [string, Content]]),
    ["Requests", `source ${count(requests.source)}; target ${count(requests.target)}`],
  ]
  const steps: Page = plan.length === 0 ? [] : [paragraph("Would do:"), list(plan)]
  return [heading(2, signed(sign), ` Mirror: ${words}`), facts(rows), ...steps]
}

const histories: Readonly<Record<HistoryState, string>> = {
  off: "off",
  new: "new: not acquired before",
  known: "known: acquired before",
  rollback: "rollback: upstream went back to an older digest",
  unneeded: "on, not asked: the target has this digest already",
}

function before({ previousDigest, digest }: MirrorResult): Content {
  if (previousDigest === undefined) return "not there"
  return previousDigest === digest ? "the same" : shortDigest(previousDigest)
}

function headline({ copied, dryRun, history, retired }: MirrorResult): [Sign, string] {
  if (retired !== undefined) return ["bad", "not acquired: it was retired here"]
  if (dryRun) return ["same", "dry run"]
  if (copied) return ["good", history === "rollback" ? "copied (upstream went back to an older digest)" : "copied"]
  return ["same", history === "known" ? "not acquired again: the history knows this digest" : "unchanged"]
}

function count(methods: Readonly<Record<string, number>>): string {
  const parts = Object.entries(methods).sort(([a], [b]) => (a < b ? -1 : 1))
  return parts.length === 0 ? "none" : parts.map(([method, number]) => `${number} ${method}`).join(", ")
}
