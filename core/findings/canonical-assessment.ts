// One order for everything in an assessment, so that the order of inputs never changes a verdict or its digest.
import { type Digest, digestOf } from "../oci/digest.js"
import type { VexInput } from "../vex/vex-document.js"
import type { Assessment, PlatformAssessment } from "./assessment.js"
import type { BaselineResult } from "./baseline.js"
import { canonicalJson, compareCanonical, compareText, sortCanonical } from "./canonical-json.js"
import type { RiskData } from "./risk/risk.js"

export function sortAssessment(assessment: Assessment): Assessment {
  const { platforms, tools, vex, risk, baseline, problems, ...rest } = assessment
  return {
    ...rest,
    tools: sortCanonical(tools),
    ...(problems === undefined ? {} : { problems: sortCanonical(problems) }),
    ...(vex === undefined ? {} : { vex: sortVex(vex) }),
    ...(risk === undefined ? {} : { risk: sortRisk(risk) }),
    ...(baseline === undefined ? {} : { baseline: sortBaseline(baseline) }),
    platforms: platforms
      .map(sortPlatform)
      .sort((a, b) => compareText(a.platform, b.platform) || compareCanonical(a, b)),
  }
}

/** Identity of what was found, whatever the order it was found in. */
export function assessmentDigest(assessment: Assessment): Digest {
  return digestOf(canonicalJson(sortAssessment(assessment)))
}

// Sorted within first: else two entries for one platform would be told apart by the order of their findings.
function sortPlatform({ scan, problems, attestations, otherSboms, ...rest }: PlatformAssessment): PlatformAssessment {
  const sorted = {
    ...rest,
    problems: sortCanonical(problems),
    ...(otherSboms === undefined ? {} : { otherSboms: sortCanonical(otherSboms) }),
    ...(attestations === undefined ? {} : { attestations: sortCanonical(attestations) }),
  }
  if (scan === undefined) return sorted
  const { findings, suppressed, unassessed } = scan
  return {
    ...sorted,
    scan: {
      ...scan,
      findings: sortCanonical(findings),
      suppressed: sortCanonical(suppressed),
      unassessed: sortCanonical(unassessed),
    },
  }
}

function sortVex({ documents, problems, products }: VexInput): VexInput {
  return {
    documents: sortCanonical(documents.map((one) => ({ ...one, statements: sortCanonical(one.statements) }))),
    problems: sortCanonical(problems),
    products: sortCanonical(products),
  }
}

function sortRisk({ knownExploited, epss, problems }: RiskData): RiskData {
  return {
    ...(knownExploited === undefined
      ? {}
      : { knownExploited: { ...knownExploited, entries: sortCanonical(knownExploited.entries) } }),
    ...(epss === undefined ? {} : { epss: { ...epss, scores: sortCanonical(epss.scores) } }),
    problems: sortCanonical(problems),
  }
}

function sortBaseline(result: BaselineResult): BaselineResult {
  if (result.kind !== "compared") return result
  const platforms = result.baseline.platforms.map(({ packages, findings, ...rest }) => ({
    ...rest,
    findings: sortCanonical(findings),
    ...(packages === undefined ? {} : { packages: [...packages].sort() }),
  }))
  return { kind: "compared", baseline: { ...result.baseline, platforms: sortCanonical(platforms) } }
}
