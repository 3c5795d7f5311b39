// A retention, told: what goes or went first, then what stays and why.
import {
  code,
  type Content,
  counted,
  heading,
  mark,
  type Page,
  paragraph,
  shortDigest,
  type Sign,
  signed,
  some,
  table,
  time,
} from "../page/page.js"
import type { RetainedImage, Retention } from "./retention.js"

const maxRows = 300
const maxNamed = 5

export function renderRetention({ repository, rule, images, impossible, applied, checkedAt }: Retention): Page {
  const doomed = images.filter(({ decision }) => decision === "delete")
  const done = doomed.filter((one) => one.done?.status === "deleted").length
  const words = applied ? `${done} of ${doomed.length} deleted` : `${doomed.length} would be deleted`
  const asked = [
    ...(rule.olderThan === undefined ? [] : [`older than ${rule.olderThan}`]),
    ...(rule.keepNewest === 0 ? [] : [`without the newest ${rule.keepNewest}`]),
  ].join(", ")
  return [
    heading(2, "Retention of ", code(repository)),
    paragraph(
      mark("strong", `${counted(images.length, "image")}, ${words}`),
      ` (${asked}), looked at `,
      time(checkedAt),
    ),
    ...(impossible === undefined ? [] : [paragraph(signed("bad"), ` Deletion is not possible here: ${impossible}`)]),
    ...(images.length === 0 ? [] : [table(["Tags", "", "Digest", "Came", "Why"], images.map(cells), maxRows)]),
  ]
}

function cells(image: RetainedImage): Content[] {
  const { tags, digest, since, dated, stays = [] } = image
  const [sign, words, why] = ending(image)
  const left = stays.length === 0 ? "" : `; ${counted(stays.length, "manifest")} that others need stay`
  const came: Content = since === undefined ? "unknown" : [time(since), `, by ${dated ?? ""}`]
  return [some(tags.map(code), maxNamed), [signed(sign), ` ${words}`], shortDigest(digest), came, `${why}${left}`]
}

function ending({ decision, why, done }: RetainedImage): readonly [Sign, string, string] {
  if (decision === "keep") return ["same", "stays", why]
  if (done === undefined) return ["unknown", "to be deleted", why]
  if (done.status === "deleted") return ["good", "deleted", why]
  return [done.status === "failed" ? "bad" : "same", done.status === "failed" ? "failed" : "stays", done.reason ?? why]
}
