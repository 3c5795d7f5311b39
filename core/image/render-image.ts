// What an image is and what is attached to it, told.
import { code, heading, list, type Page, paragraph, shortDigest, table } from "../page/page.js"
import type { ImageReport } from "./inspect.js"

export function renderImage(image: ImageReport): Page {
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
    predicateType === undefined ? "" : code(predicateType),
  ])
  return [
    heading(2, code(image.reference)),
    table(["Platform", "Digest", "Attached"], platforms),
    rows.length === 0
      ? paragraph("Nothing is attached.")
      : table(["Subject", "Attachment", "Artifact type", "Predicate type"], rows, 300),
    ...(image.notes.length === 0 ? [] : [list(image.notes)]),
  ]
}
