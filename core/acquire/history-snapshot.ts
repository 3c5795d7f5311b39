// A history as it was read.
import type { History } from "../evidence/history-schema.js"
import type { Digest } from "../oci/digest.js"

/** With the digest of the manifest that holds it; none when there was no history. */
export type HistorySnapshot = { readonly history: History; readonly digest?: Digest }
