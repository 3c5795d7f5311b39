// Proof that an image may be deployed: it fails without one, so that a deploy job stops by itself.
import { CsscError } from "../../core/errors.js"
import { parseRepository, repositoryName } from "../../core/oci/reference.js"
import { policyDigest } from "../../core/policy/document/policy.js"
import { renderVerification } from "../../core/verify/render-verification.js"
import { verify } from "../../core/verify/verify.js"
import { namedReference } from "../session/image-arguments.js"
import { parseAge } from "../session/parse-age.js"
import { resultOf } from "../session/result-files.js"
import { begin } from "../session/session.js"
import type { State } from "../state/state.js"

export type VerifyArguments = {
  readonly image: string
  readonly resource: string
  readonly maxAge: string
  readonly samePolicy: boolean
}

export async function runVerify(state: State, args: VerifyArguments) {
  const { session, reference, resource, maxAge } = await begin(state, {
    reference: () => namedReference(args.image),
    resource: () => (args.resource === "" ? undefined : repositoryName(parseRepository(args.resource))),
    maxAge: () => (args.maxAge === "" ? undefined : parseAge(args.maxAge)),
  })
  const { policy } = session.operation
  const result = await verify(session.operation, {
    image: await session.pin(reference),
    maxAge: maxAge ?? policy.verdict.maxAge,
    ...(resource === undefined ? {} : { resource }),
    ...(args.samePolicy ? { policyDigest: policyDigest(policy) } : {}),
  })
  if (result.verified) return { ...resultOf(result, renderVerification(result), session), reference: result.image }
  throw new CsscError("VERIFICATION_FAILED", `${result.image} must not be deployed: ${result.problems.join("; ")}`)
}
