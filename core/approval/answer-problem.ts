// What is wrong with an approval before anything is scanned: its end, the tag by now, and who acquired the image.
import type { PinnedReference } from "../oci/reference.js"
import type { Operation } from "../operation.js"
import { formatDuration } from "../policy/document/duration.js"
import { expiryOf } from "../policy/document/expiry.js"
import { acquirerProblem } from "./acquirer.js"
import type { Command } from "./command.js"
import type { Account } from "./forge.js"
import type { ApprovalRules } from "./who-may.js"

type Asked = {
  readonly image: PinnedReference
  readonly command: Extract<Command, { kind: "approve" }>
  readonly approver: Account
  readonly rules: ApprovalRules
}

const day = 24 * 60 * 60 * 1000

/** Undefined where nothing is; throws what the registry fails with. */
export async function answerProblem(operation: Operation, asked: Asked): Promise<string | undefined> {
  const { image, command, approver, rules } = asked
  return (
    endProblem(command.until, rules, operation.now()) ??
    (await tagProblem(operation, image)) ??
    (await acquirerProblem(operation, image, approver, rules))
  )
}

function endProblem(until: string, { max }: ApprovalRules, now: Date): string | undefined {
  const left = Date.parse(expiryOf(until) ?? "") - now.getTime()
  if (left <= 0) return "its end is past"
  return left >= max + day ? `its end is more than ${formatDuration(max)} away` : undefined
}

async function tagProblem({ registry }: Operation, image: PinnedReference): Promise<string | undefined> {
  if (image.tag === undefined) return undefined
  const { digest, ...tagged } = image
  const now = await registry.resolve(tagged)
  return now === undefined || now === digest
    ? undefined
    : "the tag is another image by now, which will be asked about when it is blocked"
}
