// Does a statement that is attached already say what we are about to attach?
import { predicateTypes } from "../attestation/predicate-types.js"
import type { Statement } from "../attestation/statement.js"
import { ownPredicateTypes } from "../evidence/own-predicate-types.js"
import { canonicalJson } from "../findings/canonical-json.js"

/**
 * `same`: nothing needs to be attached. `contrary`: a summary with another result; the newest decides, so what is older
 * than it does not stand for ours. `other`: it says something else.
 */
export type Relation = "same" | "contrary" | "other"

/** Summaries from before `renewBefore` are too old to stand for a new one. */
export function relate(there: Statement, ours: Statement, renewBefore?: Date): Relation {
  // Only of our own documents is it known which parts tell the time.
  if (!ownPredicateTypes.has(there.predicateType))
    return canonicalJson(there) === canonicalJson(ours) ? "same" : "other"
  if (there.predicateType !== predicateTypes.verificationSummary)
    return timeless(there) === timeless(ours) ? "same" : "other"
  const [old, now] = [summaryOf(there), summaryOf(ours)]
  if (old.verificationResult !== now.verificationResult) return "contrary"
  const outdated = renewBefore !== undefined && !(Date.parse(String(old.timeVerified)) >= renewBefore.getTime())
  return !outdated && timeless(there) === timeless(ours) ? "same" : "other"
}

type Summary = { readonly verificationResult?: unknown; readonly timeVerified?: unknown }

function summaryOf({ predicate }: Statement): Summary {
  return typeof predicate === "object" && predicate !== null ? predicate : {}
}

// What differs between two runs that found the same. `report` and `assessment` are digests of documents with times;
// what is in them is in the vulnerability statement and in the verdict, and compared there.
const timeKeys: ReadonlySet<string> = new Set([
  ...["scanStartedOn", "scanFinishedOn", "evaluatedAt", "timeVerified", "CreatedAt", "ReportID", "invocation"],
  ...["report", "assessment"],
])

function timeless(statement: unknown): string {
  return canonicalJson(
    JSON.parse(JSON.stringify(statement, (key, value: unknown) => (timeKeys.has(key) ? undefined : value))),
  )
}
