// The per-platform table of verdicts and runs.
import type { PlatformVerdict, Verdict } from "../../policy/verdict/verdict.js"
import { code, plain, shortDigest } from "./escape.js"

/** The columns, for the threshold of a verdict. */
export function platformHeader(severity: string): string[] {
  return ["Platform", "Digest", "OS", "Packages", `At ${severity} or above`, "Blocking", "SBOM", "Unassessed"]
}

export function platformCells(row: PlatformVerdict, { method }: Pick<Verdict, "method">): string[] {
  return [
    code(row.platform),
    shortDigest(row.digest),
    plain(row.os ?? "–"),
    String(row.packages),
    String(row.atThreshold.length),
    row.blocking.length === 0 ? "0" : `**${row.blocking.length}**`,
    sbomCell(row, method),
    row.unassessed.length === 0 ? "0" : `**${row.unassessed.length}**`,
  ]
}

// Nobody having looked at the signature says nothing; who looked and found none says so.
function sbomCell({ missingSbom, sbomSignature }: PlatformVerdict, method: Verdict["method"]): string {
  if (missingSbom) return "⛔ missing"
  if (method !== "sbom") return "not used"
  if (sbomSignature === undefined) return "✅"
  const { status, publisher = "" } = sbomSignature
  if (status !== "verified") return `**${status}**`
  return publisher === "" ? "✅ signed by us" : `✅ signed by ${plain(publisher)}`
}
