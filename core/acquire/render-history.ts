// The mirror history, newest first.
import type { History } from "../evidence/history-schema.js"
import { code, heading, link, type Page, paragraph, shortDigest, table, time } from "../page/page.js"

const maxRows = 300

export function renderHistory(repository: string, { entries, unreadable }: History): Page {
  const rows = [...entries]
    .reverse()
    .map(({ sourceTag, sourceDigest, destTag, syncedAt, runUrl }) => [
      code(sourceTag),
      shortDigest(sourceDigest),
      code(destTag),
      time(syncedAt),
      runUrl === "" ? "" : link("run", runUrl),
    ])
  const none = paragraph("Nothing was acquired yet.")
  return [
    heading(2, "History of ", code(repository)),
    rows.length === 0 ? none : table(["Source tag", "Digest", "Target tag", "When", "Run"], rows, maxRows),
    ...(unreadable > 0 ? [paragraph(`${unreadable} entries could not be read.`)] : []),
  ]
}
