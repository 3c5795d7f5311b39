// An end of life that was written, told.
import { code, heading, type Page, shortDigest, table } from "../page/page.js"
import type { LifecycleResult } from "./lifecycle-write.js"

export function renderLifecycle({ image, endOfLife, attached }: LifecycleResult): Page {
  const rows = attached.map(({ subject, digest, existing }) => [
    shortDigest(subject),
    shortDigest(digest),
    existing ? "there already" : "attached",
  ])
  return [heading(2, code(image), " ends on ", code(endOfLife)), table(["Subject", "Attachment", ""], rows)]
}
