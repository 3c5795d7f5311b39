// From a policy file to a Policy with all defaults filled in, or to one error that lists every problem.
import type { z } from "zod"
import { CsscError } from "../errors.js"
import {
  defaultPolicy,
  type PlatformsPolicy,
  type Policy,
  type PolicyException,
  type UnassessedPolicy,
} from "./policy.js"
import { expiryOf } from "./expiry.js"
import { type PolicyDocument, policySchema } from "./policy-schema.js"
import { readPolicyYaml } from "./policy-yaml.js"

/** Problems beyond this many are counted, not listed. */
const maxProblems = 50

/** Reads a policy, version 1; throws `POLICY_INVALID` with all problems, their paths and lines. */
export function parsePolicy(text: string, source = "policy"): Policy {
  const yaml = readPolicyYaml(text, source)
  const parsed = policySchema.safeParse(yaml.value)
  if (parsed.success) return policyOf(parsed.data, source)
  const problems = parsed.error.issues.flatMap(listProblems).map(({ path, message }) => {
    const line = yaml.lineOf(path)
    return `${line === undefined ? "" : `line ${line}: `}${formatPath(path)}: ${message}`
  })
  const rest = problems.length > maxProblems ? `; and ${problems.length - maxProblems} more` : ""
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`
  throw new CsscError("POLICY_INVALID", `${source} has ${count}: ${problems.slice(0, maxProblems).join("; ")}${rest}`)
}

// zod reports all unknown keys of a mapping at once; each deserves its own path.
function listProblems(issue: z.core.$ZodIssue): { path: PropertyKey[]; message: string }[] {
  if (issue.code !== "unrecognized_keys") return [{ path: issue.path, message: issue.message }]
  return issue.keys.map((key) => ({ path: [...issue.path, key], message: "unknown key" }))
}

// `exceptions[2].expires`; the file as a whole is `(document)`.
function formatPath(path: readonly PropertyKey[]): string {
  const text = path.map((key) => (typeof key === "number" ? `[${key}]` : `.${String(key)}`)).join("")
  return text === "" ? "(document)" : text.replace(/^\./, "")
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
    evidence: { required: file.evidence?.required ?? [], copy: file.evidence?.copy ?? base.evidence.copy },
    database: {
      maxAge: file.database?.["max-age"] ?? base.database.maxAge,
      stale: file.database?.stale ?? base.database.stale,
      unknown: file.database?.unknown ?? base.database.unknown,
    },
    verdict: { maxAge: file.verdict?.["max-age"] ?? base.verdict.maxAge },
    endOfLife: file["end-of-life"] ?? base.endOfLife,
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
