// Verify as the module's object needs it: it fails unless the image is proven, so that a deploy job stops by itself.
import { CsscError } from "../../core/errors.js"
import { parseRepository, repositoryName } from "../../core/oci/reference.js"
import { verify, type Verification } from "../../core/verify/verify.js"
import { durationOf } from "../../core/policy/document/duration.js"
import { policyDigest } from "../../core/policy/document/policy.js"
import { Session } from "./session.js"
import type { State } from "../state/state.js"

export type VerifyArguments = {
  readonly image: string
  readonly resource: string
  readonly maxAge: string
  readonly samePolicy: boolean
}

export async function runVerify(state: State, args: VerifyArguments): Promise<Verification> {
  const session = await Session.open(state)
  const operation = await session.operation()
  const { policy } = operation
  const request = {
    image: await session.pin(args.image),
    maxAge: args.maxAge === "" ? policy.verdict.maxAge : parseAge(args.maxAge),
    ...(args.resource === "" ? {} : { resource: repositoryName(parseRepository(args.resource)) }),
    ...(args.samePolicy ? { policyDigest: policyDigest(policy) } : {}),
  }
  const result = await verify(operation, request)
  if (result.verified) return result
  throw new CsscError("VERIFICATION_FAILED", `${result.image} must not be deployed: ${result.problems.join("; ")}`)
}

function parseAge(text: string): number {
  const age = durationOf(text)
  if (age !== undefined) return age
  throw new CsscError(
    "ARGUMENT_INVALID",
    `"${text.slice(0, 40)}" is not a duration: expected a number and m, h, d or w, such as 48h`,
  )
}
