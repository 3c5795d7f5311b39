// What a report is made from: one image or all of a run, each with what was found and, if anybody judged, the verdict.
import type { RunOutcome } from "../evidence/render/outcome-sentence.js"
import type { Assessment } from "../findings/assessment.js"
import type { Digest } from "../oci/digest.js"
import type { Verdict } from "../policy/verdict/verdict.js"

export type ReportedImage = {
  /** As it was asked for: registry/repository:tag, without a digest. */
  readonly name: string
  /** Left out when nobody could resolve it. */
  readonly digest?: Digest
  readonly outcome: RunOutcome | "scanned"
  readonly assessment?: Assessment
  readonly verdict?: Verdict
  /** Where it was promoted to. */
  readonly target?: string
  /** Why it failed, or what is to be said beside the verdict. */
  readonly note?: string
}

export type Report = {
  readonly title: string
  /** ISO 8601: the same inputs and time give the same bytes. */
  readonly generatedAt: string
  /** A gate or scan only judges; a promotion, run or fleet acted; an inventory has no images. */
  readonly kind: "scan" | "gate" | "promotion" | "run" | "fleet" | "inventory"
  readonly images: readonly ReportedImage[]
  /** Of a fleet: how many images are there to be judged; of anything else those in `images` are. */
  readonly acquired?: number
  /** What the trusted repository holds, as it was looked at beside this. */
  readonly inventory?: ReportedInventory
  /** Earlier results, oldest first, for the trend. */
  readonly earlier?: readonly EarlierResult[]
}

/** The tags of a trusted repository: whether each may be deployed, since when and until when, and why not. */
export type ReportedInventory = {
  readonly repository: string
  readonly checkedAt: string
  readonly rows: readonly {
    readonly tag: string
    readonly state: "proven" | "unproven" | "unread"
    readonly digest?: Digest | undefined
    readonly problems: readonly string[]
    /** When it was judged last, and when its proof is too old. */
    readonly timeVerified?: string | undefined
    readonly provenUntil?: string | undefined
    /** What the proof rests on that ends by itself. */
    readonly ends?:
      readonly { readonly what: string; readonly owner?: string | undefined; readonly expires: string }[] | undefined
  }[]
}

/** Distinct vulnerabilities of an earlier result, by what became of the images. */
export type EarlierResult = {
  /** Of what: a run and an inventory are two trends. */
  readonly of: "images" | "inventory"
  readonly at: string
  readonly promoted: number
  readonly blocked: number
  readonly failed: number
  readonly blocking: number
}

/** The files of a report, one for each format. */
export type Documents = Readonly<
  Record<"results.sarif" | "junit.xml" | "gl-container-scanning-report.json" | "vex.cdx.json" | "report.html", string>
>

export const toolName = "cssc"

/** `registry/repository:tag` of a reference that may have a digest. */
export function withoutDigest(reference: string): string {
  return reference.split("@")[0] ?? reference
}
