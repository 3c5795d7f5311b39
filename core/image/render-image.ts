// What an image is and what is attached to it, as Markdown.
import { code, plain, shortDigest, table } from "../evidence/render/escape.js"
import type { ImageReport } from "./inspect.js"

export function renderImage(image: ImageReport): string {
  const platforms = image.platforms.map(({ platform, digest, attached }) => [
    code(platform),
    code(digest),
    String(attached.length),
  ])
  const attached = [...image.attached, ...image.platforms.flatMap((one) => one.attached)]
  const rows = attached.map(({ subject, digest, artifactType, predicateType }) => [
    shortDigest(subject),
    shortDigest(digest),
    code(artifactType),
    predicateType === undefined ? "–" : code(predicateType),
  ])
  const list =
    rows.length === 0
      ? "Nothing is attached."
      : table(["Subject", "Attachment", "Artifact type", "Predicate type"], rows)
  const notes = image.notes.map((note) => `- ${plain(note)}`).join("\n")
  return `## ${code(image.reference)}\n\n${table(["Platform", "Digest", "Attached"], platforms)}\n\n${list}\n${notes === "" ? "" : `\n${notes}\n`}`
}
