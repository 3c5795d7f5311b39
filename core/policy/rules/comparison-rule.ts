// The SBOM against the file system. A package that only the image has was hidden or added later; one that only the
// SBOM has was planted or removed: either way the SBOM is not about these bytes, and a scan through it proves little. So
// does one that lists the same packages and leads the scanner to other advisories.
import { listSome } from "../../list-some.js"
import type { Effect } from "../document/policy.js"
import type { JudgedPlatform } from "../judge/judged-platform.js"
import type { Reason } from "../verdict/verdict.js"
import { type Case, count, platformReason } from "./rule.js"

export function comparisonRule({ assessment, platforms, policy }: Case): Reason[] {
  const effect = policy.crossExamination
  if (effect === undefined) return []
  return platforms.flatMap((judged) => reasonsOf(judged, effect, assessment.method === "sbom"))
}

function reasonsOf(judged: JudgedPlatform, effect: Effect, viaSbom: boolean): Reason[] {
  const { comparison, scan } = judged.assessment
  if (comparison === undefined) {
    // Without a scan there is a stronger reason already; without an SBOM there is nothing to compare.
    if (!viaSbom || scan === undefined) return []
    return [platformReason(judged, "SBOM_MISMATCH", effect, "nobody compared the SBOM with the file system")]
  }
  const { onlyInImage, onlyInSbom, common, problem, os, missedFindings = [] } = comparison
  const texts = [
    ...(problem === undefined ? [] : [`the SBOM could not be compared with the file system: ${problem}`]),
    ...missing("stale SBOM", "only in the image", onlyInImage),
    ...missing("planted SBOM", "only in the SBOM", onlyInSbom),
    ...(os === undefined ? [] : [`another operating system: the SBOM's is ${os.sbom}, the image's is ${os.image}`]),
    ...hidden(missedFindings),
  ]
  if (texts.length === 0 && common === 0) texts.push("neither the SBOM nor the file system lists a package")
  return texts.map((text) => platformReason(judged, "SBOM_MISMATCH", effect, text))
}

// Told by name, since they are no findings of the verdict: the SBOM is what was judged.
function hidden(names: readonly string[]): string[] {
  if (names.length === 0) return []
  const what = count(names.length, "vulnerability", "vulnerabilities")
  return [`hidden by the SBOM: ${what} that only the scan of the file system finds: ${listSome([...names].sort())}`]
}

function missing(what: string, where: string, purls: readonly string[]): string[] {
  if (purls.length === 0) return []
  return [`${what}: ${count(purls.length, "package")} ${where}: ${listSome([...purls].sort())}`]
}
