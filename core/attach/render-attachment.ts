// What was attached, told.
import { code, heading, type Page, shortDigest, table } from "../page/page.js"
import type { AttachResult } from "./attach.js"

export function renderAttachment({ image, attached }: Pick<AttachResult, "image" | "attached">): Page {
  const rows = attached.map(({ subject, predicateType, digest, existing }) => [
    shortDigest(subject),
    code(predicateType),
    shortDigest(digest),
    existing ? "there already" : "attached",
  ])
  return [heading(2, "Attached to ", code(image)), table(["Subject", "Predicate type", "Attachment", ""], rows)]
}
