// A verification, told.
import { code, type Content, facts, heading, list, type Page, signed, time } from "../page/page.js"
import type { Verification } from "./verify.js"

export function renderVerification({ image, resource, summary, verified, problems }: Verification): Page {
  const head = heading(2, signed(verified ? "good" : "bad"), verified ? " Verified: " : " Not verified: ", code(image))
  const rows: [string, Content][] = [
    ["As", code(resource)],
    ...(summary === undefined ? [] : [["Passed the gate", time(summary.timeVerified)] as [string, Content]]),
    ...(summary?.policy === undefined ? [] : [["Under the policy", code(summary.policy)] as [string, Content]]),
    ...(summary === undefined ? [] : [["Signed by the key", code(summary.key)] as [string, Content]]),
    ...(summary?.verdict === undefined ? [] : [["Its verdict", code(summary.verdict)] as [string, Content]]),
  ]
  return [head, facts(rows), ...(problems.length === 0 ? [] : [list(problems)])]
}
