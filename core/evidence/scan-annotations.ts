// Annotations on a vulnerability statement's manifest, so that dashboards can tell how an image was cleared without
// reading the statement. Their names and values are those that existing repositories carry.
import { predicateTypes } from "../attestation/predicate-types.js"
import { CsscError } from "../errors.js"
import type { ScanMethod } from "../findings/assessment.js"
import type { Severity } from "../findings/finding.js"
import { annotationKeys } from "../oci/media-types.js"
import { formatTime } from "./build-statement.js"

export type ScanAnnotationsInput = {
  /** Repository that the image was promoted from, without tag. */
  readonly source: string
  readonly tag: string
  readonly threshold: Severity
  /** The ids that exceptions cleared. */
  readonly exceptions: readonly string[]
  readonly scannerVersion: string
  readonly method: ScanMethod
  /** The SBOM's predicate type; told only with method `sbom`. */
  readonly predicateType?: string
  /** When it was attached; left out, nothing says so, and the manifest is reproducible. */
  readonly created?: Date
  readonly override?: { readonly approver: string; readonly issue: string; readonly cves: readonly string[] }
}

export type Annotations = Readonly<Record<string, string>>

const prefix = "com.cssc.scan."

/** The annotations of a vulnerability statement's manifest. */
export function scanAnnotations(input: ScanAnnotationsInput): Annotations {
  return {
    [annotationKeys.predicateType]: predicateTypes.cosignVulnerabilities,
    ...(input.created === undefined ? {} : { [annotationKeys.created]: formatTime(input.created) }),
    [`${prefix}source`]: input.source,
    [`${prefix}tag`]: input.tag,
    [`${prefix}threshold`]: input.threshold,
    [`${prefix}exceptions`]: input.exceptions.join("|"),
    [`${prefix}scanner`]: "trivy",
    [`${prefix}scanner-version`]: input.scannerVersion,
    [`${prefix}method`]: input.method,
    ...(input.method === "sbom" ? { [`${prefix}sbom-predicate-type`]: input.predicateType ?? "" } : {}),
    ...overrideAnnotations(input.override),
  }
}

// An override that does not name who approved it, and where, would only weaken the trail.
function overrideAnnotations(override: ScanAnnotationsInput["override"]): Annotations {
  if (override === undefined) return {}
  if (override.approver === "" || override.issue === "") {
    throw new CsscError("ARGUMENT_INVALID", "an override needs both an approver and an issue")
  }
  return {
    [`${prefix}override`]: "true",
    [`${prefix}override-approver`]: override.approver,
    [`${prefix}override-issue`]: override.issue,
    [`${prefix}override-cves`]: override.cves.join("|"),
  }
}
