// What an attachment says it is.
import type { Digest } from "../oci/digest.js"

export type Claims = {
  /** Predicate types that it states or holds. */
  readonly types: readonly string[]
  /** Bytes of a layer that is too large to be looked into. */
  readonly unread?: number
  /** The type of its only statement, when one of our own keys signed it and it is about what it is attached to. */
  readonly proven?: string
  /** Why it can be taken for more than one thing. */
  readonly unclear?: string
  /** A runtime could run it, or nobody can tell whether: what nobody judged. */
  readonly runs: boolean
  /** It tells the end of an image's life. */
  readonly endsLife: boolean
  /** What its manifest says that it is attached to. */
  readonly subject?: Digest
}
