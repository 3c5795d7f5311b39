// What a look at golden images found.
import type { AttachedEvidence } from "../attach/attach-evidence.js"
import type { HostRequests } from "../fleet/document/host-requests.js"
import type { Digest } from "../oci/digest.js"
import { nameOfTagged } from "../oci/reference.js"
import type { Comparison } from "./compare-snapshots.js"

export const monitoringSchemaId = "https://cssc.dev/monitoring/v1"

/** The judgement that it is compared with: the newest signed verdict, or what earlier results say where they are newer. */
export type Before = {
  readonly outcome: string
  readonly evaluatedAt: string
  readonly from: "verdict" | "earlier"
  /** The verdict's manifest. */
  readonly referrer?: Digest
}

/** What became of the proof: renewed or taken back, or why it was left as it is. */
export type ProofOutcome =
  | { readonly state: "renewed" | "taken-back"; readonly attached: readonly AttachedEvidence[] }
  | { readonly state: "left" | "failed"; readonly reason: string }

/** One digest, with all tags that it has. `first`: no verdict of ours is there. `unread`: nobody knows. */
export type MonitoredImage = { readonly tags: readonly string[] } & (
  | ({
      readonly state: "unchanged" | "changed" | "first"
      readonly digest: Digest
      readonly outcome: string
      readonly passed: boolean
      readonly evaluatedAt: string
      /** Codes of the reasons that stop it now. */
      readonly reasons: readonly string[]
      /** What the first of each code says. */
      readonly because: readonly string[]
      readonly before?: Before
      /** Why the last verdict is not there though a summary names one. */
      readonly note?: string
      readonly proof?: ProofOutcome
    } & Omit<Comparison, "changed">)
  | { readonly state: "unread"; readonly digest?: Digest; readonly outcome: "failed"; readonly error: string }
)

export type Monitoring = {
  readonly schema: typeof monitoringSchemaId
  readonly repository: string
  readonly checkedAt: string
  readonly policy: Digest
  readonly images: readonly MonitoredImage[]
  /** What would be blocked now, was not read, or whose proof could not be written: what a job fails by. */
  readonly failures: readonly { readonly target: string; readonly outcome: string }[]
  /** Requests to registries by method. */
  readonly requests: HostRequests
}

/** How an image ended: what decides whether a job fails by it. */
export type MonitoredEnd = {
  readonly tags: readonly string[]
  readonly digest?: Digest | undefined
  readonly outcome: string
} & (
  | { readonly state: "unread" }
  | {
      readonly state: "unchanged" | "changed" | "first"
      readonly passed: boolean
      readonly proof?: Pick<ProofOutcome, "state"> | undefined
    }
)

export function failuresOf(repository: string, images: readonly MonitoredEnd[]): Monitoring["failures"] {
  return images.flatMap((image) => {
    const target = nameOfTagged(repository, image)
    if (image.state === "unread" || !image.passed) return [{ target, outcome: image.outcome }]
    return image.proof?.state === "failed" ? [{ target, outcome: "failed" }] : []
  })
}
