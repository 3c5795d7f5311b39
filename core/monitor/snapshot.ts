// What is watched of a verdict: what was decided, why it was stopped, and its findings, each once for all platforms.
import { compareText } from "../findings/canonical-json.js"
import type { JudgedFinding, Judgement, Verdict } from "../policy/verdict/verdict.js"

/** A vulnerability in a package of an image; `platforms` are those that have it, sorted. */
export type WatchedFinding = {
  readonly id: string
  /** The purl, or name@version where there is none. */
  readonly package: string
  readonly severity: string
  readonly judgement: Judgement
  readonly platforms: readonly string[]
  readonly fixedIn?: string
}

export type Snapshot = {
  readonly outcome: string
  readonly passed: boolean
  readonly evaluatedAt: string
  /** Codes of the reasons that stop it, sorted. */
  readonly reasons: readonly string[]
  readonly findings: readonly WatchedFinding[]
}

// Of several platforms the one that is furthest from passing tells.
const order: readonly Judgement[] = ["blocking", "overridden", "excepted", "suppressed", "ignored", "below-threshold"]

/** Findings that a verdict rests on: the others changed nothing, whatever became of them. */
export function isLoud({ judgement }: Pick<WatchedFinding, "judgement">): boolean {
  return judgement !== "ignored" && judgement !== "below-threshold"
}

export function findingKey({ id, package: name }: Pick<WatchedFinding, "id" | "package">): string {
  return `${id} ${name}`
}

export function snapshotOf(verdict: Verdict): Snapshot {
  const { outcome, passed, evaluatedAt, reasons, findings } = verdict
  const codes = reasons.filter(({ effect }) => effect === "block").map(({ code }) => code)
  const byKey = new Map<string, WatchedFinding>()
  for (const one of findings) {
    const finding = watched(one)
    const known = byKey.get(findingKey(finding))
    byKey.set(findingKey(finding), known === undefined ? finding : united(known, finding))
  }
  return {
    outcome,
    passed,
    evaluatedAt,
    reasons: [...new Set(codes)].sort(),
    findings: [...byKey.values()].sort((a, b) => compareText(findingKey(a), findingKey(b))),
  }
}

function watched(finding: JudgedFinding): WatchedFinding {
  const { id, purl, package: name, version, severity, judgement, platform, fixedVersion } = finding
  return {
    id,
    package: purl === "" ? `${name}@${version}` : purl,
    severity,
    judgement,
    platforms: [platform],
    ...(fixedVersion === undefined || fixedVersion === "" ? {} : { fixedIn: fixedVersion }),
  }
}

function united(a: WatchedFinding, b: WatchedFinding): WatchedFinding {
  const [worse, other] = order.indexOf(a.judgement) <= order.indexOf(b.judgement) ? [a, b] : [b, a]
  return { ...other, ...worse, platforms: [...new Set([...a.platforms, ...b.platforms])].sort() }
}
