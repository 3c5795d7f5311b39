// Why registries fail, told apart by the tool's words and by the status of the answer.
import type { ErrorCode } from "../core/errors.js"

/** What a failure means: its code, whether another attempt may pass, and what to do. */
export type FailureKind = { readonly code: ErrorCode; readonly retry: boolean; readonly hint: string }

export const unauthorized: FailureKind = {
  code: "REGISTRY_UNAUTHORIZED",
  retry: false,
  hint: "pass credentials for it with withRegistryAuth or withDockerConfig, and check that they may do this",
}
// Seen in the middle of a command that was let in before: the token ran out, and oras cannot send a body twice.
export const expired: FailureKind = {
  ...unauthorized,
  retry: true,
  hint: "the registry's token expired in the middle: it lives too short for this copy",
}
export const notFound: FailureKind = {
  code: "REGISTRY_NOT_FOUND",
  retry: false,
  hint: "check the reference; some registries want the repository created first",
}
export const limited: FailureKind = {
  code: "REGISTRY_RATE_LIMITED",
  retry: true,
  hint: "log in, or wait for the registry's limit to reset",
}
export const unavailable: FailureKind = {
  code: "REGISTRY_UNAVAILABLE",
  retry: true,
  hint: "the registry has a problem of its own: try again later",
}
const immutable: FailureKind = {
  code: "TAG_IMMUTABLE",
  retry: false,
  hint: "the tag exists and may not move: choose another tag, or allow it in the registry",
}
export const undeletable: FailureKind = {
  code: "DELETION_UNSUPPORTED",
  retry: false,
  hint: "the registry has no deletion, or it is turned off there",
}
export const refused: FailureKind = {
  code: "REGISTRY_REFUSED",
  retry: false,
  hint: "the registry does not accept this",
}
const tooLarge: FailureKind = {
  code: "LIMIT_EXCEEDED",
  retry: false,
  hint: "the document is larger than any sane one: check what is stored there",
}
export const unreachable: FailureKind = {
  code: "REGISTRY_UNREACHABLE",
  retry: true,
  hint: "check the host's name and the network",
}
const unknownHost: FailureKind = { ...unreachable, retry: false, hint: "check the host's name" }
const plainHttp: FailureKind = {
  ...unreachable,
  retry: false,
  hint: "the registry speaks plain HTTP: bind it with withRegistryService",
}
const untrusted: FailureKind = {
  ...unreachable,
  retry: false,
  hint: "the registry's certificate is not trusted: pass its CA with withCertificate",
}
const mismatch: FailureKind = {
  code: "DIGEST_MISMATCH",
  retry: false,
  hint: "bytes came that their digest does not name: do not use this registry, or the proxy before it, until it is explained",
}
export const failed: FailureKind = { code: "TOOL_FAILED", retry: false, hint: "see the message" }

export const byMessage: readonly (readonly [RegExp, FailureKind])[] = [
  [/immutable|TAG_IMMUTABLE/i, immutable],
  [/server gave HTTP response to HTTPS client/, plainHttp],
  [/x509|certificate signed by unknown authority|tls: /i, untrusted],
  [/no such host|server misbehaving/, unknownHost],
  [
    /connection refused|connection reset|i\/o timeout|\bEOF\b|broken pipe|no route to host|network is unreachable|TLS handshake timeout/,
    unreachable,
  ],
  [/mismatched digest|digest does not match|digest mismatch|DIGEST_INVALID|digest invalid|mismatch size/i, mismatch],
  [/size exceeds limit|exceeds the limit|file too large|exceeds size limit/i, tooLarge],
  [/unauthorized|basic credential not found|denied/i, unauthorized],
  [/not found|name unknown|manifest unknown|does not exist/i, notFound],
]

export const byStatus: Readonly<Record<number, FailureKind>> = {
  401: unauthorized,
  403: unauthorized,
  404: notFound,
  405: refused,
  409: immutable,
  412: immutable,
  413: tooLarge,
  429: limited,
}
