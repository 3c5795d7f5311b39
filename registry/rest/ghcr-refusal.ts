// GitHub's refusals, each named, with what the operator can do.
import { CsscError, type ErrorCode } from "../../core/errors.js"
import { HttpStatusError } from "../../rest/http-error.js"

type Refusal = {
  readonly status: number
  readonly words: RegExp
  readonly code: ErrorCode
  readonly advice: string
}

const grant =
  "give a classic token with read:packages and delete:packages (and SSO authorised) whose user has the Admin role on the package, " +
  "or a GITHUB_TOKEN with packages: write of a repository that has the Admin role on it"

// kairos-io/kairos#4723, chizkiyahu/delete-untagged-ghcr-action#40
const refusals: readonly Refusal[] = [
  {
    status: 400,
    words: /last tagged version/i,
    code: "REGISTRY_REFUSED",
    advice: "it is the last tagged version of the package, and packages are never deleted: push another tag first",
  },
  {
    status: 400,
    words: /\b5,?000 downloads/i,
    code: "REGISTRY_REFUSED",
    advice: "GitHub keeps public versions with more than 5000 downloads: ask GitHub support",
  },
  { status: 401, words: /^/, code: "REGISTRY_UNAUTHORIZED", advice: `the token is not valid: ${grant}` },
  { status: 403, words: /^/, code: "REGISTRY_UNAUTHORIZED", advice: `the token may not do this: ${grant}` },
  // actions/delete-package-versions#237: a missing right looks like a missing package.
  { status: 404, words: /^/, code: "REGISTRY_NOT_FOUND", advice: `it is gone, or the token may not see it: ${grant}` },
]

/** The same error with what it means for `what`; errors of other kinds come back unchanged. */
export function explainRefusal(error: unknown, what: string): unknown {
  if (!(error instanceof HttpStatusError) || error.code === "REGISTRY_RATE_LIMITED") return error
  const known = refusals.find(({ status, words }) => status === error.status && words.test(error.apiMessage))
  if (known === undefined) return error
  return new CsscError(known.code, `${what}: ${known.advice} (${error.reason})`)
}
