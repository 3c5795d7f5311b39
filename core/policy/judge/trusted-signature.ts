// Whose signature counts under a policy. An assessment tells facts about bytes; whether the key is trusted, and for
// this image, is asked again each time it is judged, so that a revoked key stops counting in a replay too.
import type { SignatureFact } from "../../attestation/signature.js"
import type { Policy, TrustedPublisher } from "../document/policy.js"
import { matchesImage } from "../exceptions/image-glob.js"

/** What we signed ourselves: the observer's own key did, which may be ours no more when it is judged again. */
const ourselves = ""

/**
 * Tells whether a signature counts: verified, and by a key or identity that the policy trusts for the image, or by our
 * own. `image` is the reference that is judged. Nobody looked (`undefined`) is no signature.
 */
export function isTrustedSignature(fact: SignatureFact | undefined, policy: Policy, image: string): boolean {
  if (fact?.status !== "verified") return false
  if (fact.publisher === ourselves) return policy.ownKeys?.includes(fact.key ?? "") ?? true
  return policy.trusted.some((trusted) => isSignerOf(fact, trusted) && speaksFor(trusted, image))
}

/** The fact as the policy sees it: verified by somebody whom it does not trust for the image is untrusted. */
export function judgedSignature(fact: SignatureFact, policy: Policy, image: string): SignatureFact {
  if (fact.status !== "verified" || isTrustedSignature(fact, policy, image)) return fact
  const { publisher, ...rest } = fact
  const reason =
    publisher === ourselves
      ? "this key is not one of the gate's own any more"
      : `the policy does not trust this key of ${publisher ?? "nobody"} for this image`
  return { ...rest, status: "untrusted", reason }
}

function isSignerOf({ publisher, key }: SignatureFact, trusted: TrustedPublisher): boolean {
  if (publisher !== trusted.publisher || key === undefined) return false
  const byKey = trusted.keys.some(({ fingerprint }) => fingerprint === key)
  return byKey || trusted.identities.some(({ issuer, subject }) => `${issuer} ${subject}` === key)
}

function speaksFor({ images }: TrustedPublisher, image: string): boolean {
  return images.length === 0 || matchesImage(images, image)
}
