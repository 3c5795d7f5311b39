// A run over a whole quarantine, told: one row per tag, as a document and as a page.
import { renderRun, type RunRow } from "../evidence/render/render-run.js"
import { type Page, paragraph } from "../page/page.js"
import type { TagRun } from "./quarantine-run.js"
import { describeDeletion } from "./render-promotion.js"

type RunRequest = { readonly source: string; readonly target: string; readonly dryRun: boolean }

export type RunResult = { readonly document: Readonly<Record<string, unknown>>; readonly page: Page }

/** `emptyReason` says why there was no tag to work on. */
export function runResult(
  { source, target, dryRun }: RunRequest,
  runs: readonly TagRun[],
  emptyReason: string | undefined,
): RunResult {
  const document = {
    schema: "https://cssc.dev/run/v1",
    source,
    target,
    dryRun,
    ...(emptyReason === undefined ? {} : { emptyReason }),
    tags: runs.map(documentOf),
  }
  const page = renderRun(runs.map(rowOf), `${source} → ${target}`)
  return { document, page: emptyReason === undefined ? page : [...page, paragraph(emptyReason)] }
}

function documentOf(run: TagRun) {
  if ("error" in run) return { tag: run.tag, outcome: "failed", error: run.error }
  return { tag: run.tag, ...run.promotion }
}

function rowOf(run: TagRun): RunRow {
  if ("error" in run) return { tag: run.tag, outcome: "failed", why: run.error }
  const { outcome, digest, verdict, deletion, sourceMovedTo } = run.promotion
  return {
    tag: run.tag,
    outcome,
    digest,
    verdict,
    ...(deletion === undefined ? {} : { source: describeDeletion(deletion) }),
    ...(sourceMovedTo === undefined ? {} : { why: `the source's tag moved to ${sourceMovedTo} after it was judged` }),
  }
}
