// The builders about keyless signatures: where they come from, and whose are ours.
import type { Secret } from "@dagger.io/dagger"
import { CsscError } from "../../core/errors.js"
import { identitySchema } from "../../core/policy/document/trust-schema.js"
import { parsePublisher } from "../../core/policy/document/visible-text.js"
import { parseBaseUrl } from "../../rest/origin.js"
import { configure, extend, type KeylessConfig, type State } from "./state.js"

/** Sigstore's public instance. https://docs.sigstore.dev/about/overview/ */
const publicInstance = {
  fulcioUrl: "https://fulcio.sigstore.dev",
  rekorUrl: "https://rekor.sigstore.dev",
  timestampUrl: "https://timestamp.sigstore.dev/api/v1/timestamp",
}

/** Empty ones are not used, unless all are: then the public instance is. */
export type KeylessUrlArguments = {
  readonly fulcioUrl: string
  readonly rekorUrl: string
  readonly timestampUrl: string
  readonly rekorVersion: number
}

export const publicKeyless: KeylessUrlArguments = { fulcioUrl: "", rekorUrl: "", timestampUrl: "", rekorVersion: 1 }

/** The last way to sign that was given is the one. */
export function setKeyless(state: State, token: Secret, given: KeylessUrlArguments): State {
  const { fulcioUrl, rekorUrl, timestampUrl, rekorVersion } = given
  if (rekorVersion !== 1 && rekorVersion !== 2)
    throw new CsscError("ARGUMENT_INVALID", `rekor-version is ${rekorVersion}: expected 1 or 2`)
  const isPublic = [fulcioUrl, rekorUrl, timestampUrl].every((url) => url.trim() === "")
  const urls = isPublic ? publicInstance : privateUrls(given)
  const keyless = { ...urls, rekorVersion, isPublic } as const
  return extend(state, "secrets", token, ({ signingKey: _replaced, ...config }, position) => ({
    ...config,
    keyless: { ...keyless, token: position },
  }))
}

// Nothing of a private instance's goes to the public one because an argument was forgotten.
function privateUrls(given: KeylessUrlArguments): Omit<KeylessConfig, "token" | "rekorVersion" | "isPublic"> {
  const [fulcioUrl, rekorUrl, timestampUrl] = [given.fulcioUrl, given.rekorUrl, given.timestampUrl].map(urlOf)
  if (fulcioUrl === undefined)
    throw new CsscError(
      "ARGUMENT_INVALID",
      "an instance of your own needs fulcio-url; without any URL the public one is used",
    )
  if (timestampUrl === undefined && (rekorUrl === undefined || given.rekorVersion === 2))
    throw new CsscError(
      "ARGUMENT_INVALID",
      "nothing would say when a signature was made: pass timestamp-url, or rekor-url of a log of version 1",
    )
  return { fulcioUrl, ...(rekorUrl && { rekorUrl }), ...(timestampUrl && { timestampUrl }) }
}

function urlOf(text: string): string | undefined {
  const trimmed = text.trim().replace(/\/+$/, "")
  if (trimmed !== "") parseBaseUrl(trimmed, false)
  return trimmed === "" ? undefined : trimmed
}

/** Refuses what is no identity, and a blank publisher: it would become the gate itself. */
export function addTrustedIdentity(state: State, issuer: string, subject: string, publisher: string): State {
  const parsed = identitySchema.safeParse({ issuer, subject })
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path, message }) => `${path.join(".")} ${message}`)
    throw new CsscError("ARGUMENT_INVALID", `the trusted identity cannot be used: ${problems.join("; ")}`)
  }
  const identity = { ...parsed.data, publisher: parsePublisher(publisher) }
  return configure(state, (config) => ({
    ...config,
    trustedIdentities: [...(config.trustedIdentities ?? []), identity],
  }))
}
