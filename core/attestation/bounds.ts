// How much of an attestation is read. SBOMs of real images have up to a few megabytes; Trivy's own limit is 20 MiB.
import type { JsonBounds } from "../oci/json.js"

export const MAX_ATTESTATION_BYTES = 20 * 1024 * 1024
export const MAX_ATTESTATION_DEPTH = 200

/**
 * Maps of build arguments and variables in SLSA provenance, whose names are data to every reader: behind a proxy Docker's
 * clients pass `http_proxy` and `HTTP_PROXY`. https://slsa.dev/spec/v0.2/provenance
 */
const freeMaps: ReadonlySet<string> = new Set(["args", "environment"])

export function attestationBounds(what: string): JsonBounds {
  return { code: "STATEMENT_INVALID", what, maxBytes: MAX_ATTESTATION_BYTES, maxDepth: MAX_ATTESTATION_DEPTH, freeMaps }
}
