// A verification for people.
import { code, plain } from "../evidence/render/escape.js"
import type { Verification } from "./verify.js"

export function renderVerification({ image, resource, summary, verified, problems }: Verification): string {
  const head = `## ${verified ? "Verified" : "Not verified"}\n\n${code(image)} as ${code(resource)}\n`
  if (summary === undefined) return `${head}\n${problems.map((problem) => `- ${plain(problem)}`).join("\n")}\n`
  const facts = [
    `- passed the gate at ${summary.timeVerified}`,
    ...(summary.policy === undefined ? [] : [`- under the policy ${code(summary.policy)}`]),
    `- signed by the key ${code(summary.key)}`,
    ...(summary.verdict === undefined ? [] : [`- its verdict is ${code(summary.verdict)}`]),
  ]
  return `${head}\n${[...facts, ...problems.map((problem) => `- ${plain(problem)}`)].join("\n")}\n`
}
