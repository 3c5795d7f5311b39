// What was deleted, as Markdown.
import { code, plain } from "../evidence/render/escape.js"
import type { DeletionResult } from "./deletion.js"

export function renderDeletion(image: string, { status, reason, deleted, kept }: DeletionResult): string {
  const gone = deleted.map(({ digest, tag }) => `- deleted ${code(tag === undefined ? digest : `${tag} ${digest}`)}`)
  const left = kept.map(
    ({ digest, tag, why }) => `- kept ${code(tag === undefined ? digest : `${tag} ${digest}`)}: ${plain(why)}`,
  )
  return `## Delete ${code(image)}: ${status}\n${reason === undefined ? "" : `\n${plain(reason)}\n`}\n${[...gone, ...left].slice(0, 500).join("\n")}\n`
}
