// The parts of a verdict that tell of one platform.
import { sortCanonical } from "../../findings/canonical-json.js"
import type { Policy } from "../document/policy.js"
import { missingSbomOf } from "../rules/coverage-rule.js"
import type { PlatformVerdict, Verdict } from "../verdict/verdict.js"
import { atThreshold, blockingOf, distinctIds, type JudgedPlatform } from "./judged-platform.js"
import { judgedSignature } from "./trusted-signature.js"

/** One row of the per-platform table. */
export function rowOf({ assessment, findings }: JudgedPlatform, policy: Policy, image: string): PlatformVerdict {
  const { platform, digest, sbom, scan, problems } = assessment
  return {
    platform,
    digest,
    atThreshold: distinctIds(atThreshold(findings)),
    blocking: distinctIds(blockingOf(findings)),
    missingSbom: problems.some(missingSbomOf(assessment, policy, image)),
    unassessed: sortCanonical(scan?.unassessed ?? []),
    packages: scan?.packages ?? 0,
    ...(scan?.os === undefined ? {} : { os: `${scan.os.family} ${scan.os.name}`.trim() }),
    ...(sbom?.signature === undefined ? {} : { sbomSignature: judgedSignature(sbom.signature, policy, image) }),
  }
}

/** What was judged of a platform, by digest. */
export function inputsOf({ assessment: { platform, digest, scan, sbom } }: JudgedPlatform): Verdict["reports"][number] {
  return {
    platform,
    digest,
    ...(scan === undefined ? {} : { report: scan.report }),
    ...(sbom === undefined ? {} : { sbom: sbom.blob }),
  }
}
