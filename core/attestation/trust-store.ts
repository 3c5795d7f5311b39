// Whose signatures count. A key or an identity may belong to several publishers: the first by name answers for it.
import type { PublicKey } from "./public-key.js"
import type { TrustRoot } from "./trust-root.js"

/** `publisher` is the name that the policy gives, or "" for ourselves. */
export type TrustedKey = PublicKey & { readonly publisher: string }

/** Who a short-lived certificate was issued to, and by whom: both exactly. */
export type TrustedIdentity = { readonly publisher: string; readonly issuer: string; readonly subject: string }

export type TrustStore = {
  readonly keys: readonly TrustedKey[]
  readonly identities: readonly TrustedIdentity[]
  /** Who may issue certificates and keep logs; without it no identity can be verified. */
  readonly root?: TrustRoot
}

export const emptyTrust: TrustStore = { keys: [], identities: [] }

/** A store whose answers do not depend on the order of what is put into it. */
export function trustStore(content: Partial<TrustStore>): TrustStore {
  const { keys = [], identities = [], root } = content
  return {
    ...(root === undefined ? {} : { root }),
    keys: firstOfEach(keys, ({ fingerprint }) => fingerprint),
    identities: firstOfEach(identities, identityName),
  }
}

/** What is trusted as ourselves: nobody else's signature makes a document ours. */
export function ownTrust({ keys, identities, ...rest }: TrustStore): TrustStore {
  return trustStore({ ...rest, keys: keys.filter(isOurs), identities: identities.filter(isOurs) })
}

/** Tells whether nobody's signature can count. */
export function trustsNobody({ keys, identities }: TrustStore): boolean {
  return keys.length + identities.length === 0
}

/** How a keyless identity is named in a signature fact; neither part has a space in it by schema. */
export function identityName({ issuer, subject }: { readonly issuer: string; readonly subject: string }): string {
  return `${issuer} ${subject}`
}

function isOurs({ publisher }: { readonly publisher: string }): boolean {
  return publisher === ""
}

function firstOfEach<T extends { readonly publisher: string }>(items: readonly T[], nameOf: (item: T) => string): T[] {
  const sorted = [...items].sort((a, b) => compare(a.publisher, b.publisher) || compare(nameOf(a), nameOf(b)))
  const firsts = new Map(sorted.map((item) => [nameOf(item), item] as const).reverse())
  return sorted.filter((item) => firsts.get(nameOf(item)) === item)
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
