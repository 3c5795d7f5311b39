// A gate's result as its object carries it: signed, if there is a key, since we scanned and judged ourselves.
import { buildVerdictStatement } from "../../core/evidence/verdict-statement.js"
import { canonicalJson } from "../../core/findings/canonical-json.js"
import type { GateResult } from "../../core/gate/gate-result.js"
import { formatReference, parseReference, repositoryName } from "../../core/oci/reference.js"
import type { Operation } from "../../core/operation.js"
import type { Verdict } from "../../core/policy/verdict/verdict.js"
import { carry, readConfig, type State } from "../state/state.js"
import { type GateState, reportFiles, type VerdictFields, verdictFields } from "./gate-results.js"
import { requestFiles, type ResultFiles } from "./result-files.js"
import { lookOf } from "./tell.js"

/** The image as it was named, with its tag, which no verdict knows. */
export const gatedImage = "image.txt"

export async function gateFields(
  state: State,
  operation: Operation,
  gated: GateResult,
): Promise<GateState & VerdictFields> {
  const { assessment, verdict, reports } = gated
  const named = formatReference(gated.image)
  const files = {
    ...reportFiles(assessment, reports),
    ...(await signedVerdict(operation, verdict)),
    ...requestFiles(operation.registry),
    [gatedImage]: `${named}\n`,
  }
  const look = lookOf(readConfig(state))
  return { ...carry(state), image: named, ...(await verdictFields({ assessment, verdict, named }, files, look)) }
}

// Named by the repository that was judged; the digest is what counts.
async function signedVerdict({ signer }: Operation, verdict: Verdict): Promise<ResultFiles> {
  if (signer === undefined) return {}
  const name = repositoryName(parseReference(verdict.image.reference))
  return { "verdict.sigstore.json": await signer.sign(canonicalJson(buildVerdictStatement(name, verdict))) }
}
