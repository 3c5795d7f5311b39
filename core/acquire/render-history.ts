// The mirror history as Markdown, newest first.
import type { History } from "../evidence/history-schema.js"
import { code, plain, shortDigest, table } from "../evidence/render/escape.js"

const maxRows = 500

export function renderHistory(repository: string, { entries, unreadable }: History): string {
  const rows = [...entries]
    .reverse()
    .slice(0, maxRows)
    .map(({ sourceTag, sourceDigest, destTag, syncedAt, runUrl }) => [
      code(sourceTag),
      shortDigest(sourceDigest),
      code(destTag),
      plain(syncedAt),
      plain(runUrl),
    ])
  const notes = [
    entries.length > maxRows ? `The newest ${maxRows} of ${entries.length}.` : "",
    unreadable > 0 ? `${unreadable} entries could not be read.` : "",
  ].filter((note) => note !== "")
  const list =
    rows.length === 0 ? "Nothing was acquired yet." : table(["Source tag", "Digest", "Target tag", "When", "Run"], rows)
  return `## History of ${code(repository)}\n\n${list}\n${notes.join(" ")}\n`
}
