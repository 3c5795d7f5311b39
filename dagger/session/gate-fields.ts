// A gate's result as its object carries it: signed, if there is a key, since we scanned and judged ourselves.
import { buildVerdictStatement } from "../../core/evidence/verdict-statement.js"
import { canonicalJson } from "../../core/findings/canonical-json.js"
import type { GateResult } from "../../core/gate/gate-result.js"
import { formatReference, parseReference, repositoryName } from "../../core/oci/reference.js"
import type { Operation } from "../../core/operation.js"
import type { Verdict } from "../../core/policy/verdict/verdict.js"
import { carry, type State } from "../state/state.js"
import { type GateState, reportFiles, type VerdictFields, verdictFields } from "./gate-results.js"
import type { ResultFiles } from "./result-files.js"

/** The image as it was named, with its tag, which no verdict knows. */
export const gatedImage = "image.txt"

export function gateFields(state: State, operation: Operation, gated: GateResult): GateState & VerdictFields {
  const { assessment, verdict, reports } = gated
  const image = formatReference(gated.image)
  const files = {
    ...reportFiles(assessment, reports),
    ...signedVerdict(operation, verdict),
    [gatedImage]: `${image}\n`,
  }
  return { ...carry(state), image, ...verdictFields(assessment, verdict, files) }
}

// Named by the repository that was judged; the digest is what counts.
function signedVerdict({ signer }: Operation, verdict: Verdict): ResultFiles {
  if (signer === undefined) return {}
  const name = repositoryName(parseReference(verdict.image.reference))
  return { "verdict.sigstore.json": signer.sign(canonicalJson(buildVerdictStatement(name, verdict))) }
}
