// What was attached, as Markdown.
import { code, shortDigest, table } from "../evidence/render/escape.js"
import type { AttachResult } from "./attach.js"

export function renderAttachment({ image, attached }: Pick<AttachResult, "image" | "attached">): string {
  const rows = attached.map(({ subject, predicateType, digest, existing }) => [
    shortDigest(subject),
    code(predicateType),
    shortDigest(digest),
    existing ? "there already" : "attached",
  ])
  return `## Attached to ${code(image)}\n\n${table(["Subject", "Predicate type", "Attachment", ""], rows)}\n`
}
