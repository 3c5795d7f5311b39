// The ledger for Trivy's own gate: what this verdict accepted, for these packages, until the same moment.
// https://trivy.dev/docs/latest/configuration/filtering/#trivyignoreyaml (`trivy --ignorefile .trivyignore.yaml`)
import { stringify } from "yaml"
import { expiryOf } from "../policy/document/expiry.js"
import type { Verdict } from "../policy/verdict/verdict.js"
import { ledgerEntries, type LedgerEntry } from "./ledger-entries.js"

const header = " What cssc accepted for one image; made from a verdict, so edit the policy instead."

/** A `.trivyignore.yaml` of the used exceptions and the override; a purl narrows each to what was accepted. */
export function toTrivyIgnore(verdict: Pick<Verdict, "findings">): string {
  const vulnerabilities = ledgerEntries(verdict).map(entryOf)
  return `#${header}\n${stringify({ vulnerabilities }, { lineWidth: 0 })}`
}

function entryOf({ id, purls, expires, by, statement, overridden }: LedgerEntry) {
  const end = expires === undefined ? undefined : expiryOf(expires)
  const who = overridden ? `override approved by ${by}` : `accepted by ${by}`
  // An end that cannot be read would be none to Trivy, and the entry would hold for ever.
  const expiry = expires === undefined ? {} : { expired_at: end ?? "1970-01-01T00:00:00Z" }
  return { id, purls, ...expiry, statement: `${statement} (${who})` }
}
