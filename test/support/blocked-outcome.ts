// A blocked image as results tell of it.
import type { ImageOutcome, Outcomes } from "../../core/outcomes/read-outcomes.js"

export const digestA = `sha256:${"a".repeat(64)}`
export const digestB = `sha256:${"b".repeat(64)}`
export const app = "reg.example/quarantine/app:1.2"

type Changes = {
  readonly reference?: string
  readonly digest?: string
  readonly remaining?: readonly string[]
  readonly passed?: boolean
  readonly title?: string
  readonly message?: string
  readonly name?: string
}

export function anOutcome(changes: Changes = {}): ImageOutcome {
  const { reference = app, digest = digestA, remaining = ["CVE-2024-1"], passed = false } = changes
  const outcome = passed ? "promote" : "blocked"
  const finding = { severity: "HIGH", version: "1.0", platform: "linux/amd64", judgement: "blocking" }
  const verdict = {
    ...{ image: { reference: `${reference}@${digest}`, digest }, outcome, passed, evaluatedAt: "2026-11-26T00:00:00Z" },
    policy: { severity: "HIGH" },
    remaining,
    reasons: passed ? [] : [{ code: "FINDINGS", effect: "block", message: changes.message ?? "1 vulnerability" }],
    findings: remaining.map((id) => ({
      ...{ ...finding, id, package: changes.name ?? "openssl", title: changes.title ?? "A flaw" },
    })),
    platforms: [{ platform: "linux/amd64", digest }],
  } as unknown as NonNullable<ImageOutcome["verdict"]>
  return { kind: "judged", reference: `${reference}@${digest}`, digest, outcome, passed, verdict }
}

export function outcomesOf(...images: readonly ImageOutcome[]): Outcomes {
  return { name: "daily", images }
}
