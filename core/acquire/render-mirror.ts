// A mirror's result as Markdown, for a job's summary.
import { code, plain, shortDigest, table } from "../evidence/render/escape.js"
import { type MirrorResult, referrersNote } from "./mirror-result.js"

export function renderMirror(result: MirrorResult): string {
  const rows: [string, string][] = [
    ["Source", code(result.source)],
    ["Target", code(result.target)],
    ["Digest", code(result.digest)],
    [
      "Before",
      result.previousDigest === undefined
        ? "not there"
        : result.previousDigest === result.digest
          ? "the same"
          : shortDigest(result.previousDigest),
    ],
    ["Attached", plain(referrersNote(result))],
    ["History", result.history],
    ...(result.retired === undefined ? [] : [["Retired", plain(result.retired)] as [string, string]]),
    ...(result.repaired.length === 0
      ? []
      : [["Repaired", `${result.repaired.length} missing parts`] as [string, string]]),
    ...(result.provenance.length === 0
      ? []
      : [["Provenance", `${result.provenance.length} statements attached`] as [string, string]]),
    ["Requests", `source ${count(result.requests.source)}; target ${count(result.requests.target)}`],
  ]
  const plan =
    result.plan.length === 0 ? "" : `\nWould do:\n${result.plan.map((step) => `- ${plain(step)}`).join("\n")}\n`
  return `## Mirror: ${headline(result)}\n\n${table(["", ""], rows)}\n${plan}`
}

function headline({ copied, dryRun, history, retired }: MirrorResult): string {
  if (retired !== undefined) return "not acquired: it was retired here"
  if (dryRun) return "dry run"
  if (copied) return history === "rollback" ? "copied (upstream went back to an older digest)" : "copied"
  return history === "known" ? "not acquired again: the history knows this digest" : "unchanged"
}

function count(methods: Readonly<Record<string, number>>): string {
  const parts = Object.entries(methods).sort(([a], [b]) => (a < b ? -1 : 1))
  return parts.length === 0 ? "none" : parts.map(([method, number]) => `${number} ${method}`).join(", ")
}
