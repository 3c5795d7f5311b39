// Severities as scanners report them and as operators write them. Trivy's scale:
// https://github.com/aquasecurity/trivy-db/blob/main/pkg/types/types.go (0 UNKNOWN … 4 CRITICAL).
import { CsscError } from "../errors.js"
import { severities, type Severity } from "./finding.js"

/** Negative when `a` is less severe than `b`; UNKNOWN is the lowest. */
export function compareSeverity(a: Severity, b: Severity): number {
  return severities.indexOf(a) - severities.indexOf(b)
}

/** Tells whether a severity is at or above a threshold. */
export function isAtLeast(severity: Severity, threshold: Severity): boolean {
  return compareSeverity(severity, threshold) >= 0
}

/** Tells whether a text is a severity in its canonical spelling. */
export function isSeverity(text: string): text is Severity {
  return (severities as readonly string[]).includes(text)
}

/** Reads an operator's severity in any case; throws `ARGUMENT_INVALID` and lists the values. */
export function parseSeverity(text: string): Severity {
  const upper = text.trim().toUpperCase()
  if (isSeverity(upper)) return upper
  const shown = JSON.stringify(text.slice(0, 40))
  throw new CsscError("ARGUMENT_INVALID", `${shown} is not a severity: expected one of ${severities.join(", ")}`)
}

/** A scanner's severity; what it does not name, or names in its own way, is UNKNOWN. */
export function severityOf(text: string | null | undefined): Severity {
  const upper = (text ?? "").trim().toUpperCase()
  return isSeverity(upper) ? upper : "UNKNOWN"
}
