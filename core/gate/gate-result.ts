// What one gate produced.
import type { Assessment } from "../findings/assessment.js"
import type { Digest } from "../oci/digest.js"
import { type PinnedReference } from "../oci/reference.js"
import type { Verdict } from "../policy/verdict/verdict.js"

/** Everything that one gate produced: what promotion attaches, and nothing that came from a file. */
export type GateResult = {
  readonly image: PinnedReference
  readonly assessment: Assessment
  readonly verdict: Verdict
  /** The scanner's raw reports by platform digest. */
  readonly reports: ReadonlyMap<Digest, string>
}
