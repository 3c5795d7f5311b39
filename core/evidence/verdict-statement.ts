// The verdict as an attestation on the image: what was judged, by digest, under which policy, and every reason.
import type { Verdict } from "../policy/verdict/verdict.js"
import { buildStatement, type BuiltStatement, type Subject } from "./build-statement.js"

export const verdictPredicateType = "https://cssc.dev/verdict/v1"

/** The statement of a verdict about its image; the name is that of the repository it is attached in. */
export function buildVerdictStatement(subjectName: string, verdict: Verdict): BuiltStatement<Verdict> {
  const subject: Subject = { subjectName, subjectDigest: verdict.image.digest }
  return buildStatement(subject, verdictPredicateType, verdict)
}
