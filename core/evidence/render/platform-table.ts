// The platforms of a verdict.
import { code, type Content, mark, type Page, shortDigest, signed, table } from "../../page/page.js"
import type { PlatformVerdict, Verdict } from "../../policy/verdict/verdict.js"

const maxRows = 50

export function platformTable(verdict: Verdict): Page {
  if (verdict.platforms.length === 0) return []
  const header = ["Platform", "Digest", "OS", "Packages", "Blocking", "SBOM"]
  return [
    table(
      header,
      verdict.platforms.map((row) => platformCells(row, verdict)),
      maxRows,
    ),
  ]
}

function platformCells(
  row: PlatformVerdict,
  { method, policy: { severity } }: Pick<Verdict, "method" | "policy">,
): Content[] {
  const { blocking, atThreshold, unassessed, packages } = row
  const blocked = blocking.length === 0 ? "0" : mark("bad", String(blocking.length))
  return [
    code(row.platform),
    shortDigest(row.digest),
    row.os ?? "",
    unassessed.length === 0 ? String(packages) : [`${packages}, `, mark("bad", `${unassessed.length} not assessed`)],
    atThreshold.length === 0 ? blocked : [blocked, ` of ${atThreshold.length} at ${severity} or above`],
    sbomCell(row, method),
  ]
}

// Nobody having looked at the signature says nothing; who looked and found none says so.
function sbomCell({ missingSbom, sbomSignature }: PlatformVerdict, method: Verdict["method"]): Content {
  if (missingSbom) return [signed("bad"), " missing"]
  if (method !== "sbom") return "not used"
  if (sbomSignature === undefined) return signed("good")
  const { status, publisher = "" } = sbomSignature
  if (status !== "verified") return mark("warn", status)
  return [signed("good"), publisher === "" ? " signed by us" : ` signed by ${publisher}`]
}
