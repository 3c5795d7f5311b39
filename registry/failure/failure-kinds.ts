// What answers of registries mean. Method, status and error code decide; words are looked at in one place only
// (immutable-tag.ts).
// https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#error-codes
import type { FailureKind } from "./registry-error.js"

export const unauthorized: FailureKind = {
  code: "REGISTRY_UNAUTHORIZED",
  retry: false,
  what: "the registry does not let us in",
  hint: "pass credentials for it by with-registry-auth or with-docker-config, and check that they may do this",
}
// Met by what was let in before, or a copy whose credentials the registry accepts: the token ran out on the way.
export const expired: FailureKind = {
  ...unauthorized,
  retry: true,
  what: "the registry's token expired in the middle",
  hint: "it lives too short: let the registry issue longer ones",
}
export const notFound: FailureKind = {
  code: "REGISTRY_NOT_FOUND",
  retry: false,
  what: "the registry has no such thing",
  hint: "check the reference; some registries want the repository created first",
}
export const limited: FailureKind = {
  code: "REGISTRY_RATE_LIMITED",
  retry: true,
  what: "the registry takes no more requests for now",
  hint: "log in, or wait for the registry's limit to reset",
}
/** `what` and `hint` are told with the numbers. */
export const exhausted: FailureKind = {
  code: "QUOTA_EXHAUSTED",
  retry: false,
  what: "the registry grants no more pulls",
  hint: "what was done until here stays done: run it again later",
}
export const tooSlow: FailureKind = {
  code: "REGISTRY_TOO_SLOW",
  retry: true,
  what: "the registry answers too slowly to be waited for",
  hint: "see what is between here and there, or ask whoever runs it; what was done until here stays done",
}
export const unavailable: FailureKind = {
  code: "REGISTRY_UNAVAILABLE",
  retry: true,
  what: "the registry has a problem of its own",
  hint: "try again later",
}
export const immutable: FailureKind = {
  code: "TAG_IMMUTABLE",
  retry: false,
  what: "the tag exists and may not move",
  hint: "choose another tag, or allow it in the registry",
}
export const refused: FailureKind = {
  code: "REGISTRY_REFUSED",
  retry: false,
  what: "the registry does not accept this",
  hint: "what it answered says why: change the request, or the registry's settings",
}
export const undeletable: FailureKind = {
  code: "DELETION_UNSUPPORTED",
  retry: false,
  what: "the registry does not delete",
  hint: "it is missing, or turned off there: allow it, or pass a token for the registry's own API by with-delete-token",
}
export const tooLarge: FailureKind = {
  code: "LIMIT_EXCEEDED",
  retry: false,
  what: "it is larger than any sane document, or than the registry takes",
  hint: "check what is stored there",
}
export const mismatch: FailureKind = {
  code: "DIGEST_MISMATCH",
  retry: false,
  what: "bytes came that their digest does not name",
  hint: "do not use this registry, or the proxy before it, until it is explained",
}
export const unreachable: FailureKind = {
  code: "REGISTRY_UNREACHABLE",
  retry: true,
  what: "the registry did not answer",
  hint: "check the host's name and the network",
}
export const untrustedListing: FailureKind = {
  code: "REFERRERS_UNTRUSTED",
  retry: false,
  what: "the registry's answer is not a list of referrers",
  hint: "what is attached cannot be known: ask whoever runs the registry, or the proxy before it",
}

/** Of the specification's codes, and those beside it that tell. */
export const byErrorCode: Readonly<Record<string, FailureKind>> = {
  UNAUTHORIZED: unauthorized,
  DENIED: unauthorized,
  NAME_UNKNOWN: notFound,
  MANIFEST_UNKNOWN: notFound,
  BLOB_UNKNOWN: notFound,
  TOOMANYREQUESTS: limited,
  DIGEST_INVALID: mismatch,
  SIZE_INVALID: mismatch,
  MANIFEST_INVALID: refused,
  MANIFEST_BLOB_UNKNOWN: refused,
  NAME_INVALID: refused,
  TAG_INVALID: refused,
  BLOB_UPLOAD_INVALID: refused,
  BLOB_UPLOAD_UNKNOWN: refused,
  UNSUPPORTED: refused,
}

export const byStatus: Readonly<Record<number, FailureKind>> = {
  401: unauthorized,
  403: unauthorized,
  404: notFound,
  408: unavailable,
  410: notFound,
  413: tooLarge,
  429: limited,
}

/** Tells whether a word is an error code that has a meaning here. */
export function isErrorCode(word: string): boolean {
  return Object.hasOwn(byErrorCode, word)
}
