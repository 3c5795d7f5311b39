// The smallest policy: a severity and a list of accepted ids, as pipelines pass them in two inputs.
import { CsscError } from "../../errors.js"
import { parseSeverity } from "../../findings/severity.js"
import { isVulnerabilityId } from "../exceptions/vulnerability-id.js"
import type { Policy, PolicyException } from "./policy.js"
import { maxExceptions } from "./policy-schema.js"

export type Shorthands = {
  /** Replaces the policy's threshold. */
  readonly severity?: string | undefined
  /** `CVE-1|CVE-2`, added to the policy's exceptions. */
  readonly exceptions?: string | undefined
}

/** A policy with the shorthands applied; empty ones change nothing. */
export function withShorthands(policy: Policy, { severity = "", exceptions = "" }: Shorthands): Policy {
  return {
    ...policy,
    severity: severity.trim() === "" ? policy.severity : parseSeverity(severity),
    exceptions: [...policy.exceptions, ...parsePipeList(exceptions).map(exceptionOf)],
  }
}

/** Ids between pipes: spaces trimmed, empty ones dropped, repeated ones once; bad ones are listed in the error. */
export function parsePipeList(text: string): string[] {
  const ids = [...new Set(text.split("|").map((id) => id.trim()))].filter((id) => id !== "")
  const bad = ids.filter((id) => !isVulnerabilityId(id))
  if (bad.length > 0) {
    const shown = bad.slice(0, 10).map((id) => JSON.stringify(id.slice(0, 60)))
    const what = "not ids of vulnerabilities; expected CVE-2024-1|CVE-2024-2"
    throw new CsscError("ARGUMENT_INVALID", `the exceptions ${shown.join(", ")} are ${what}`)
  }
  if (ids.length > maxExceptions) throw new CsscError("LIMIT_EXCEEDED", `more than ${maxExceptions} exceptions`)
  return ids
}

function exceptionOf(id: string): PolicyException {
  return { id, images: [], platforms: [], reason: "accepted by the exceptions argument" }
}
