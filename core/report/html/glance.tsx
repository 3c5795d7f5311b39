// The whole at a glance: what was decided, why, and the numbers that it rests on.
import { signOf, whyOf } from "../../evidence/render/outcome-sentence.js"
import { counted } from "../../page/page.js"
import type { Report, ReportedImage } from "../report.js"
import { reportedFindings } from "../reported-findings.js"
import { endingExceptions } from "./ending-exceptions.js"
import { outcomeWords, type Tone, toneOf } from "./html-parts.js"

const kinds = {
  scan: "Scan of an image",
  gate: "Gate of an image",
  promotion: "Promotion of an image",
  run: "Run over a quarantine",
  fleet: "Run of a fleet",
  inventory: "Inventory of a trusted repository",
} as const

type Number = { readonly name: string; readonly value: number; readonly tone?: Tone }

/** Above the title: what kind of report it is. */
export function kindOf({ kind }: Report): string {
  return kinds[kind]
}

/** What was decided, in the size of a headline. */
export function Decision({ report }: { report: Report }) {
  const { images } = report
  const [only] = images
  const words = tally(report)
  const why = images.length === 1 && only?.verdict !== undefined ? whyOf(only.verdict) : undefined
  return (
    <div class={`decision t-${worstTone(report)}`}>
      <p class="words">{words}</p>
      {why === undefined ? null : <p>{why}</p>}
    </div>
  )
}

/** The numbers; a list of terms, so that each is read with its name. */
export function Numbers({ report }: { report: Report }) {
  return (
    <dl class="numbers">
      {numbersOf(report).map(({ name, value, tone = "plain" }) => (
        <div>
          <dt>{name}</dt>
          <dd class={value === 0 ? "soft" : `t-${tone}`}>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

function numbersOf(report: Report): Number[] {
  const { images, inventory } = report
  const ending = { name: "exceptions about to end", value: endingExceptions(report).length, tone: "warn" } as const
  if (report.kind === "inventory") return [...inventoryNumbers(inventory?.rows ?? []), ending]
  const [only] = images
  if (images.length === 1 && only !== undefined) return [...imageNumbers(only), ending]
  const count = (...wanted: readonly string[]) => images.filter(({ outcome }) => wanted.includes(outcome)).length
  return [
    { name: "images", value: images.length },
    { name: "promoted or unchanged", value: count("promote", "unchanged", "dryrun"), tone: "good" },
    { name: "blocked", value: count("blocked", "blocked-missing-sbom", "unassessed"), tone: "bad" },
    { name: "failed", value: count("failed"), tone: "bad" },
    ending,
  ]
}

function imageNumbers(image: ReportedImage): Number[] {
  const found = reportedFindings(image)
  const platforms = image.verdict?.platforms ?? image.assessment?.platforms ?? []
  const blocking = found.filter(({ judgement }) => judgement === "blocking").length
  return [
    { name: "blocking", value: blocking, tone: "bad" },
    { name: "vulnerabilities found", value: found.length },
    { name: platforms.length === 1 ? "platform" : "platforms", value: platforms.length },
  ]
}

function inventoryNumbers(rows: NonNullable<Report["inventory"]>["rows"]): Number[] {
  const count = (wanted: string) => rows.filter(({ state }) => state === wanted).length
  return [
    { name: "tags", value: rows.length },
    { name: "proven", value: count("proven"), tone: "good" },
    { name: "not proven", value: count("unproven"), tone: "bad" },
    { name: "not read", value: count("unread"), tone: "warn" },
  ]
}

const severity = ["soft", "good", "warn", "bad"] as const

function worstTone({ images, kind, inventory }: Report): Tone {
  const states = { proven: "good", unproven: "bad", unread: "warn" } as const
  const tones =
    kind === "inventory"
      ? (inventory?.rows ?? []).map(({ state }) => states[state])
      : images.map(({ outcome }) => (outcome === "scanned" ? "soft" : toneOf(signOf(outcome))))
  return severity[Math.max(0, ...tones.map((tone) => severity.indexOf(tone as (typeof severity)[number])))] ?? "soft"
}

function tally(report: Report): string {
  if (report.kind === "inventory") return inventoryTally(report.inventory?.rows ?? [])
  if (report.images.length === 0) return "No image: nothing was done."
  const numbers = new Map<string, number>()
  const words = (image: ReportedImage) => outcomeWords(image, report.kind)
  for (const image of report.images) numbers.set(words(image), (numbers.get(words(image)) ?? 0) + 1)
  if (report.images.length === 1) return [...numbers.keys()].join("")
  return `${counted(report.images.length, "image")}: ${[...numbers].map(([name, number]) => `${number} ${name}`).join(", ")}`
}

function inventoryTally(rows: readonly { readonly state: string }[]): string {
  if (rows.length === 0) return "No tag matched."
  const proven = rows.filter(({ state }) => state === "proven").length
  return proven === rows.length
    ? "All may be deployed"
    : `${rows.length - proven} of ${rows.length} may not be deployed`
}
