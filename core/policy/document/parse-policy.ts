// From a policy file to a Policy with all defaults filled in, or to one error that lists every problem.
import { CsscError } from "../../errors.js"
import {
  defaultPolicy,
  type PlatformsPolicy,
  type Policy,
  type PolicyException,
  type UnassessedPolicy,
} from "./policy.js"
import { expiryOf } from "./expiry.js"
import { riskPolicyOf, trustPolicyOf } from "./parse-trust-policy.js"
import { type PolicyDocument, policySchema } from "./policy-schema.js"
import { type FileProblem, type LineOf, problemsOf } from "./policy-problems.js"
import { readPolicyYaml } from "./policy-yaml.js"

/** Problems beyond this many are counted, not listed. */
const maxProblems = 50

/** A policy, or why it is none. */
export type ReadPolicy =
  { readonly policy: Policy; readonly lineOf: LineOf } | { readonly problems: readonly FileProblem[] }

/** Reads a policy, version 1; throws `POLICY_INVALID` with all problems, their paths and lines. */
export function parsePolicy(text: string, source = "policy"): Policy {
  const read = readPolicy(text, source)
  if ("policy" in read) return read.policy
  const { problems } = read
  const shown = problems.slice(0, maxProblems).map(({ line, path, message }) => {
    return `${line === undefined ? "" : `line ${line}: `}${path}: ${message}`
  })
  const rest = problems.length > maxProblems ? `; and ${problems.length - maxProblems} more` : ""
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`
  throw new CsscError("POLICY_INVALID", `${source} has ${count}: ${shown.join("; ")}${rest}`)
}

/** Reads a policy and lists what is wrong with it; throws `LIMIT_EXCEEDED` for a file that is too large. */
export function readPolicy(text: string, source: string): ReadPolicy {
  const { problems, value, lineOf } = readPolicyYaml(text, source)
  if (problems.length > 0) return { problems }
  const parsed = policySchema.safeParse(value)
  if (!parsed.success) return { problems: problemsOf(parsed.error, lineOf) }
  return { policy: policyOf(parsed.data, source), lineOf }
}

function policyOf(file: PolicyDocument, source: string): Policy {
  const base = defaultPolicy()
  return {
    version: 1,
    source,
    severity: file.severity ?? base.severity,
    unknownSeverity: file["unknown-severity"] ?? base.unknownSeverity,
    fixableOnly: file["fixable-only"] ?? base.fixableOnly,
    unassessed: unassessedOf(file.unassessed),
    platforms: platformsOf(file.platforms),
    ...(file.method === undefined ? {} : { method: file.method }),
    evidence: {
      required: file.evidence?.required ?? [],
      copy: file.evidence?.copy ?? base.evidence.copy,
      ...(file.evidence?.["max-age"] === undefined ? {} : { maxAge: file.evidence["max-age"] }),
    },
    database: {
      maxAge: file.database?.["max-age"] ?? base.database.maxAge,
      stale: file.database?.stale ?? base.database.stale,
      unknown: file.database?.unknown ?? base.database.unknown,
    },
    verdict: { maxAge: file.verdict?.["max-age"] ?? base.verdict.maxAge },
    endOfLife: file["end-of-life"] ?? base.endOfLife,
    ...trustPolicyOf(file),
    ...riskPolicyOf(file),
    ledger: {
      unused: file.ledger?.unused ?? base.ledger.unused,
      expiring: file.ledger?.expiring ?? base.ledger.expiring,
      expired: file.ledger?.expired ?? base.ledger.expired,
      fixable: file.ledger?.fixable ?? base.ledger.fixable,
      within: file.ledger?.within ?? base.ledger.within,
    },
    exceptions: (file.exceptions ?? []).map(exceptionOf),
  }
}

function unassessedOf(value: PolicyDocument["unassessed"]): UnassessedPolicy {
  if (typeof value === "string") return { packages: value, nothingRecognised: value, unsupportedOs: value }
  return {
    packages: value?.packages ?? "block",
    nothingRecognised: value?.["nothing-recognised"] ?? "block",
    unsupportedOs: value?.["unsupported-os"] ?? "block",
  }
}

function platformsOf(value: PolicyDocument["platforms"]): PlatformsPolicy {
  if (value === undefined || value === "all") return { kind: "all" }
  return Array.isArray(value) ? { kind: "only", platforms: value } : { kind: "required", platforms: value.required }
}

type ExceptionDocument = NonNullable<PolicyDocument["exceptions"]>[number]

function exceptionOf({
  id,
  package: purl,
  images,
  platforms,
  reason,
  owner,
  expires,
}: ExceptionDocument): PolicyException {
  const expiresAt = expires === undefined ? undefined : expiryOf(expires)
  return {
    ...(id === undefined ? {} : { id }),
    ...(purl === undefined ? {} : { package: purl }),
    images: images ?? [],
    platforms: platforms ?? [],
    reason,
    ...(owner === undefined ? {} : { owner }),
    ...(expires === undefined ? {} : { expires }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
  }
}
