// The kinds of evidence that are ours alone.
import { predicateTypes } from "../attestation/predicate-types.js"
import { verdictPredicateType } from "./verdict-statement.js"

/** Predicate types that only we write: found in quarantine, they are a claim of somebody else's. */
export const ownPredicateTypes: ReadonlySet<string> = new Set([
  predicateTypes.cosignVulnerabilities,
  predicateTypes.verificationSummary,
  predicateTypes.acquisitionProvenance,
  verdictPredicateType,
])

/** Of these, what says that an image was judged: written where it is promoted to, and never carried there, even signed by us. */
export const writtenAtPromotion: ReadonlySet<string> = new Set([
  predicateTypes.cosignVulnerabilities,
  predicateTypes.verificationSummary,
  verdictPredicateType,
])
