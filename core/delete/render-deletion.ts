// What was deleted, told: what has the same reason stands together.
import { code, type Content, counted, fold, heading, list, type Page, paragraph, signed, some } from "../page/page.js"
import { type Deleted, type DeletionResult, type Kept, wouldBeDeleted } from "./deletion.js"

const maxNames = 5
const maxListed = 200

export function renderDeletion(image: string, result: DeletionResult): Page {
  const { status, reason, deleted, kept } = result
  const planned = kept.filter(({ why }) => why === wouldBeDeleted)
  const stays = kept.filter(({ why }) => why !== wouldBeDeleted)
  const signs = { deleted: "good", skipped: "same", failed: "bad" } as const
  const sign = planned.length > 0 ? "same" : signs[status]
  const words = planned.length > 0 ? "dry run" : status
  return [
    heading(2, signed(sign), " Delete ", code(image), `: ${words}`),
    ...(reason === undefined || planned.length > 0 ? [] : [paragraph(reason)]),
    ...group("would be deleted", planned),
    ...group("deleted", deleted),
    ...(stays.length === 0 ? [] : [list(keptLines(stays))]),
  ]
}

function group(words: string, those: readonly Deleted[]): Page {
  if (those.length === 0) return []
  const title = `${counted(those.length, "manifest")} ${words}`
  const shown = list(those.slice(0, maxListed).map((one) => code(nameOf(one))))
  return those.length <= maxNames ? [paragraph(title), shown] : [fold(title, [shown])]
}

function keptLines(kept: readonly Kept[]): Content[] {
  const byReason = new Map<string, Kept[]>()
  for (const one of kept) byReason.set(one.why, [...(byReason.get(one.why) ?? []), one])
  return [...byReason].map(([why, those]) => {
    const names = some(
      those.map((one) => code(nameOf(one))),
      maxNames,
    )
    return ["kept ", ...names, `: ${why}`]
  })
}

function nameOf({ digest, tag }: Deleted): string {
  return tag === undefined ? digest : `${tag} ${digest}`
}
