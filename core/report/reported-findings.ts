// Findings as other tools count them: one for each vulnerability of a package in an image, with all platforms that have it.
import { compareText } from "../findings/canonical-json.js"
import type { Finding } from "../findings/finding.js"
import { compareSeverity } from "../findings/severity.js"
import { digestOf } from "../oci/digest.js"
import type { JudgedFinding, Judgement } from "../policy/verdict/verdict.js"
import type { ReportedImage } from "./report.js"

/** Without a judgement nobody judged. */
export type ReportedFinding = {
  readonly finding: Finding
  readonly platforms: readonly string[]
  readonly judgement?: Judgement
  readonly because?: JudgedFinding["because"]
}

/** Where platforms differ, what stops the image counts. */
const order: readonly (Judgement | undefined)[] = [
  "blocking",
  undefined,
  "below-threshold",
  "ignored",
  "excepted",
  "overridden",
  "suppressed",
]

type Placed = Finding & Partial<Pick<JudgedFinding, "judgement" | "because">> & { readonly platform: string }

/** What blocks first, then the worst, then by id and package. */
export function reportedFindings(image: ReportedImage): ReportedFinding[] {
  const groups = new Map<string, Placed[]>()
  for (const finding of placed(image)) {
    const key = packageKey(finding)
    groups.set(key, [...(groups.get(key) ?? []), finding])
  }
  return [...groups.values()].map(groupOf).sort(compareReported)
}

function placed({ verdict, assessment }: ReportedImage): readonly Placed[] {
  if (verdict !== undefined) return verdict.findings
  return (assessment?.platforms ?? []).flatMap(({ platform, scan }) => [
    ...(scan?.findings ?? []).map((finding) => ({ ...finding, platform })),
    ...(scan?.suppressed ?? []).map((finding) => ({ ...finding, platform, ...suppressed(finding) })),
  ])
}

function suppressed({ suppression }: Finding) {
  return { judgement: "suppressed" as const, ...(suppression === undefined ? {} : { because: suppression }) }
}

function groupOf(members: readonly Placed[]): ReportedFinding {
  const [deciding] = [...members].sort((a, b) => order.indexOf(a.judgement) - order.indexOf(b.judgement))
  const { platform: _, judgement, because, ...finding } = deciding as Placed
  return {
    finding,
    platforms: [...new Set(members.map(({ platform }) => platform))].sort(),
    ...(judgement === undefined ? {} : { judgement }),
    ...(because === undefined ? {} : { because }),
  }
}

function compareReported(a: ReportedFinding, b: ReportedFinding): number {
  return (
    order.indexOf(a.judgement) - order.indexOf(b.judgement) ||
    compareSeverity(b.finding.severity, a.finding.severity) ||
    compareText(a.finding.id, b.finding.id) ||
    compareText(packageKey(a.finding), packageKey(b.finding))
  )
}

function packageKey({ id, purl, package: name, version }: Finding): string {
  return JSON.stringify([id, purl.split("?")[0] ?? "", name, version])
}

/** The same finding of the same image has the same one in every report, whatever the image's digest is then. */
export function fingerprintOf(image: ReportedImage, { id, package: name, version }: Finding): string {
  return digestOf(JSON.stringify([image.name, id, name, version])).slice("sha256:".length)
}

/** Somebody decided that it may stay. */
export function isSetAside({ judgement }: ReportedFinding): boolean {
  return judgement === "excepted" || judgement === "overridden" || judgement === "suppressed"
}

/** Why it does not block, in one line. */
export function becauseText({ because }: ReportedFinding): string {
  if (because === undefined) return ""
  const until = because.expires === undefined ? "" : ` until ${because.expires}`
  return `${because.statement} (${because.by}${until})`
}
