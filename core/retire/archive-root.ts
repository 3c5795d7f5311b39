// Where an archive starts.
import type { Digest } from "../oci/digest.js"

/** One manifest to copy with all of its referrers, and the names that it gets in the layout. */
export type ArchiveRoot = { readonly digest: Digest; readonly tags: readonly string[] }
