// The assessment that a case describes: of an image that is in order, but for what the case names.
import { predicateTypes } from "../../attestation/predicate-types.js"
import type { SignatureFact } from "../../attestation/signature.js"
import type { Assessment, PlatformAssessment, ProblemCode, SbomSource, ScanResult } from "../../findings/assessment.js"
import type { Finding } from "../../findings/finding.js"
import { digestOf } from "../../oci/digest.js"
import { mediaTypes } from "../../oci/media-types.js"
import { parsePurl, purlName } from "../../sbom/purl.js"
import type { Policy } from "../document/policy.js"
import { type Given, sbomProblems, signatureStates } from "./policy-case.js"
import { baselineOf, riskOf } from "./policy-case-world.js"

export type GivenCase = { readonly image: string; readonly at: Date; readonly given: Given; readonly policy: Policy }

const hour = 60 * 60 * 1000
const examplePackage = "pkg:generic/example@1.0.0"
export const os = { family: "debian", name: "13" }

/** The platforms of a case: as named, or those that the policy asks for. */
export function platformsOf({ platforms }: Given, policy: Policy): readonly string[] {
  return platforms ?? (policy.platforms.kind === "all" ? ["linux/amd64"] : policy.platforms.platforms)
}

export function assessmentOf(one: GivenCase): Assessment {
  const { image, at, given, policy } = one
  const before = (age: number) => new Date(at.getTime() - age).toISOString()
  const database = given["database-age"] ?? hour
  const endOfLife = given["end-of-life"]
  const method = given.method ?? policy.method ?? "sbom"
  const platforms = platformsOf(given, policy).map((name) => platformOf(name, method, one, before))
  return {
    schema: "https://cssc.dev/assessment/v1",
    image: { reference: image, digest: digestOf(image), mediaType: mediaTypes.ociIndex },
    method,
    platforms,
    ...(database === "unknown" ? {} : { database: { version: 2, updatedAt: before(database) } }),
    tools: [{ name: "policy-test", version: "1" }],
    signature: signatureOf(given["image-signature"] ?? "signed", one),
    ...(endOfLife === undefined
      ? {}
      : { lifecycle: { endOfLife, referrer: digestOf("lifecycle"), signature: { status: "unsigned" } } }),
    risk: riskOf(given, before(given["feed-age"] ?? hour)),
    baseline: baselineOf(given, platforms),
    startedAt: at.toISOString(),
    finishedAt: at.toISOString(),
  }
}

function platformOf(
  platform: string,
  method: Assessment["method"],
  one: GivenCase,
  before: (age: number) => string,
): PlatformAssessment {
  const { given, policy } = one
  const digest = digestOf(platform)
  const created = before(given["evidence-age"] ?? hour)
  const attestations = (given.evidence ?? policy.evidence.required).map((predicateType) => ({
    predicateType,
    referrer: digestOf(predicateType),
    signature: signatureOf(given["evidence-signature"] ?? "signed", one),
    created,
  }))
  const common = { platform, digest, attestations }
  const problem = method === "sbom" ? sbomProblems.find((name) => name === given.sbom) : undefined
  if (problem !== undefined) {
    const code: ProblemCode = problem === "foreign" ? "SBOM_FOREIGN_SUBJECT" : `SBOM_${upper(problem)}`
    return { ...common, problems: [{ code, message: `the case says that the SBOM is ${problem}` }] }
  }
  const sbom = method === "sbom" ? { sbom: sbomOf(one, created), comparison: comparisonOf(given) } : {}
  return { ...common, ...sbom, scan: scanOf(platform, given), problems: [] }
}

function upper<T extends string>(text: T): Uppercase<T> {
  return text.toUpperCase() as Uppercase<T>
}

function sbomOf(one: GivenCase, created: string): SbomSource {
  const state = signatureStates.find((name) => name === one.given.sbom) ?? "signed"
  return {
    predicateType: predicateTypes.cyclonedx,
    referrer: digestOf("sbom referrer"),
    blob: digestOf("sbom"),
    envelope: "statement",
    format: "cyclonedx",
    components: 1,
    signature: signatureOf(state, one),
    created,
  }
}

function comparisonOf(given: Given) {
  return { onlyInImage: given["only-in-image"] ?? [], onlyInSbom: given["only-in-sbom"] ?? [], common: 1 }
}

function scanOf(platform: string, given: Given): ScanResult {
  const findings = (given.findings ?? []).filter((one) => one.platform === undefined || one.platform === platform)
  const unassessed = (given.unassessed ?? []).map((purl) => {
    const { name = purl, version = "" } = parsePurl(purl) ?? {}
    return { purl, name, version }
  })
  return {
    os: { ...os, endOfLife: given["os-end-of-life"] ?? false },
    packages: findings.length + 1,
    packageNames: [...new Set(findings.map(({ package: purl = examplePackage }) => purlName(purl, purl)))].sort(),
    findings: findings.map((one) => findingOf(one)),
    suppressed: [],
    unassessed,
    report: digestOf(platform),
  }
}

function findingOf({ package: purl = examplePackage, ...one }: NonNullable<Given["findings"]>[number]): Finding {
  const { name = purl, version = "" } = parsePurl(purl) ?? {}
  const fixedVersion = one["fixed-version"]
  return {
    id: one.id,
    aliases: one.aliases ?? [],
    severity: one.severity,
    purl,
    package: name,
    version,
    ...(fixedVersion === undefined ? {} : { fixedVersion }),
    ...(one.status === undefined ? {} : { status: one.status }),
    target: "case",
  }
}

/** Signed by the publisher that the case names; by ourselves where it names none. */
function signatureOf(state: (typeof signatureStates)[number], { given, policy }: GivenCase): SignatureFact {
  if (state !== "signed") return { status: state }
  const name = given["signed-by"]
  if (name === undefined) return { status: "verified", publisher: "" }
  const publisher = policy.trusted.find((trusted) => trusted.publisher === name)
  const identity = publisher?.identities[0]
  const key = publisher?.keys[0]?.fingerprint ?? `${identity?.issuer} ${identity?.subject}`
  return { status: "verified", publisher: name, key }
}
