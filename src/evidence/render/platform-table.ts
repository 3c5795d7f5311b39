// The per-platform table of verdicts and runs.
import type { PlatformVerdict, Verdict } from "../../policy/verdict.js"
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
    row.missingSbom ? "⛔ missing" : method === "sbom" ? "✅" : "not used",
    row.unassessed.length === 0 ? "0" : `**${row.unassessed.length}**`,
  ]
}
