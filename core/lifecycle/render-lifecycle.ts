// An end of life that was written, as Markdown.
import { code, shortDigest, table } from "../evidence/render/escape.js"
import type { LifecycleResult } from "./lifecycle-write.js"

export function renderLifecycle({ image, endOfLife, attached }: LifecycleResult): string {
  const rows = attached.map(({ subject, digest, existing }) => [
    shortDigest(subject),
    shortDigest(digest),
    existing ? "there already" : "attached",
  ])
  return `## ${code(image)} ends on ${code(endOfLife)}\n\n${table(["Subject", "Attachment", ""], rows)}\n`
}
