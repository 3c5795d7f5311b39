// Tools that are known to be malicious, and the method that the policy demands.
import type { Reason } from "../verdict/verdict.js"
import { isDeniedTool } from "./denied-tools.js"
import type { Case } from "./rule.js"

export function toolsRule({ assessment }: Case): Reason[] {
  return assessment.tools.filter(isDeniedTool).map(({ name, version, digest }) => {
    const what = [name, version, digest].filter((part) => (part ?? "") !== "").join(" ")
    const message = `${what} is a known malicious release: rotate what it could read, and use another`
    return { code: "TOOL_DENIED", effect: "block", message }
  })
}

export function methodRule({ assessment, policy }: Case): Reason[] {
  if (policy.method === undefined || policy.method === assessment.method) return []
  const message = `assessed by method ${assessment.method}; the policy accepts only ${policy.method}`
  return [{ code: "METHOD_REFUSED", effect: "block", message }]
}
