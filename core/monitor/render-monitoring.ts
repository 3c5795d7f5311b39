// A look at golden images, told: what would be blocked first, then what changed; what is as it was is only counted.
import { listSome } from "../list-some.js"
import {
  code,
  type Content,
  counted,
  heading,
  mark,
  type Page,
  paragraph,
  shortDigest,
  signed,
  some,
  table,
  time,
} from "../page/page.js"
import type { Altered, DatedFinding } from "./compare-snapshots.js"
import type { MonitoredImage, Monitoring } from "./monitoring.js"
import type { WatchedFinding } from "./snapshot.js"

const maxRows = 300
const maxNamed = 5

export function renderMonitoring({ repository, checkedAt, images, requests }: Monitoring): Page {
  const told = images.filter(isTold).sort((a, b) => rank(a) - rank(b))
  const asked = Object.values(requests)
    .flatMap((methods) => Object.values(methods))
    .reduce((sum, number) => sum + number, 0)
  const header = ["Tags", "State", "Outcome", "Digest", "Judged before", "What changed", "Proof"]
  return [
    heading(2, "Golden images of ", code(repository)),
    paragraph(mark("strong", tally(images)), ", looked at ", time(checkedAt), `, ${counted(asked, "request")}`),
    ...(told.length === 0 ? [] : [table(header, told.map(cells), maxRows)]),
  ]
}

function tally(images: readonly MonitoredImage[]): string {
  if (images.length === 0) return "No tag matched."
  const states = ["changed", "first", "unread", "unchanged"] as const
  const counts = states.map((state) => [images.filter((one) => one.state === state).length, state] as const)
  const words = counts.filter(([number]) => number > 0).map(([number, state]) => `${number} ${state}`)
  const blocked = images.filter((one) => one.state !== "unread" && !one.passed).length
  return `${counted(images.length, "image")}: ${words.join(", ")}; ${blocked} would be blocked now`
}

function isTold(image: MonitoredImage): boolean {
  return image.state !== "unchanged" || !image.passed || image.proof?.state === "failed"
}

function rank(image: MonitoredImage): number {
  if (image.state === "unread") return 0
  return image.passed ? 2 : 1
}

function cells(image: MonitoredImage): Content[] {
  const tags = some(image.tags.map(code), maxNamed)
  const digest = image.digest === undefined ? "" : shortDigest(image.digest)
  if (image.state === "unread") return [tags, [signed("unknown"), " unread"], "unknown", digest, "", image.error, ""]
  const { state, outcome, passed, before, proof } = image
  return [
    tags,
    [signed(passed ? "good" : "bad"), ` ${state}`],
    before === undefined || before.outcome === outcome ? outcome : `${before.outcome} → ${outcome}`,
    digest,
    before === undefined ? "never" : time(before.evaluatedAt),
    changes(image),
    proof === undefined ? "" : "reason" in proof ? `${proof.state}: ${proof.reason}` : proof.state,
  ]
}

function changes({ appeared, gone, altered, because, note }: Exclude<MonitoredImage, { state: "unread" }>): string {
  const parts = [
    named("new", appeared, appearance),
    named("gone", gone, ({ id, package: name }) => `${id} in ${name}`),
    named("differently", altered, alteration),
    named("stopped by", because, (sentence) => sentence),
    note === undefined ? "" : note,
  ]
  return parts.filter((part) => part !== "").join("; ")
}

function named<T>(what: string, all: readonly T[], tell: (one: T) => string): string {
  if (all.length === 0) return ""
  return `${what}: ${listSome(all.map(tell), maxNamed)}`
}

function appearance({ id, severity, package: name, fixedIn, firstSeen, atLatest }: DatedFinding): string {
  const since = `${atLatest === true ? "there by" : "first seen"} ${firstSeen}`
  return `${id} (${severity}) in ${name}, ${since}, ${fixedWords(fixedIn)}`
}

function alteration({ id, package: name, before, ...now }: Altered): string {
  const judged = before.judgement === now.judgement ? now.judgement : `${before.judgement} → ${now.judgement}`
  return `${id} in ${name}: ${judged}, ${fixedWords(now.fixedIn)}`
}

function fixedWords(fixedIn: WatchedFinding["fixedIn"]): string {
  return fixedIn === undefined ? "not fixed yet" : `fixed in ${fixedIn}`
}
