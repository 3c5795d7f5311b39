// Files in which a catch returns data without asking for the kind of the error, and why it may.

const computes = "what it tries is a computation on what was read before: it fails by that content alone"
const retries = "it tries again, or throws"
const tells = "its caller gets the failure as such, with what was done and what was not"

export const allowedCatches: Readonly<Record<string, string>> = {
  "core/acquire/one-at-a-time.ts": "a queue: the next turn comes, however the one before it ended",
  "core/assess/assess-reports.ts": computes,
  "core/attestation/certificate-identity.ts": computes,
  "core/attestation/cosign-key.ts": computes,
  "core/attestation/identity-token.ts": computes,
  "core/attestation/public-key.ts": computes,
  "core/attestation/simple-signing.ts": computes,
  "core/attestation/unwrap.ts": computes,
  "core/attestation/verify-identity.ts": computes,
  "core/delete/delete-image.ts": tells,
  "core/delete/execute-deletion.ts": tells,
  "core/delete/ghcr-deletion.ts": tells,
  "core/policy/cases/read-policy-cases.ts":
    "a file of the caller's is checked, and every failure is what is wrong with it",
  "core/policy/cases/run-policy-cases.ts": "a case's policy is the caller's, and its failure is the case's outcome",
  "core/policy/document/check-policy.ts":
    "a policy of the caller's is checked, and every failure is what is wrong with it",
  "core/policy/document/policy-yaml.ts": computes,
  "core/policy/exceptions/image-glob.ts": computes,
  "core/policy/exceptions/platform-match.ts": computes,
  "core/policy/exceptions/purl-pattern.ts": computes,
  "core/policy/vex/match-image.ts": computes,
  "core/policy/vex/product.ts": computes,
  "core/promote/promote-quarantine.ts": "one tag's failure is that tag's outcome and fails the job at its end",
  "core/sbom/purl.ts": computes,
  "core/sbom/read-candidate.ts": computes,
  "core/vex/cyclonedx-affects.ts": computes,
  "core/vex/cyclonedx-components.ts": computes,
  "dagger/containers/tool-queue.ts": "it hands the failure to everyone who waits for the group",
  "dagger/containers/trivy-database.ts":
    "the next of several repositories is tried; when none is left, all failures are thrown",
  "dagger/session/reports.ts":
    "a promotion has happened when its reports are made: what failed is told, and in report-error.txt",
  "dagger/state/problems.ts": "bad arguments are collected, so that all are told at once before anything is pulled",
  "registry/rest/docker-hub.ts": retries,
  "registry/rest/feed.ts": retries,
  "registry/rest/ghcr-packages.ts": "a token without a user is an answer: the owner is then not that user",
  "rest/exchange.ts": computes,
  "rest/http.ts": retries,
  "forge/forge-client.ts": retries,
  "forge/github.ts":
    "a token without a user asks who it is in another way, and a person who is no collaborator has no role",
  "forge/gitlab.ts": "a person who is no member has no role",
  "core/approval/approve.ts": "what an override is refused for is told in the issue, and thrown",
  "core/approval/mark.ts": computes,
  "core/approval/request-approval.ts": "it is thrown again, with how far it came",
  "registry/retry.ts": retries,
  "core/findings/looked-up.ts": computes,
  "core/promote/remove-replaced.ts": "tidying up: what stays is said, and is read as before",
  "core/sbom/coverage.ts": computes,
  "dagger/containers/tool-failure.ts": "it looks for the reason of a failure, which it returns to be thrown",
  "registry/auth/authorizer.ts": "a token that was not given is forgotten; whoever waits for it gets the failure",
  "registry/auth/token-request.ts": computes,
  "registry/client/digest-memory.ts": "what was not read is not kept; whoever waits for it gets the failure",
  "registry/client/referrers-reader.ts": "a 404 of the referrers API means the referrers tag; all else is thrown",
  "registry/failure/oci-error.ts": computes,
  "registry/http/read-body.ts": "the text of a refusal: its status came, and decides",
  "registry/http/registry-http.ts": retries,
}
