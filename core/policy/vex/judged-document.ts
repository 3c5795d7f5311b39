// What one VEX document did to the findings of an image.
import type { VexDocument } from "../../vex/vex-document.js"
import { type Standing } from "./standing.js"

export type Place = { readonly id: string; readonly platform: string; readonly purl: string }

/** One document in the vex. */
export type JudgedDocument = {
  readonly document: VexDocument
  readonly standing: Standing
  /** Statements and products that cannot be used, each as `<vulnerability> <why>`. */
  readonly shortcomings: readonly string[]
  readonly suppressed: Place[]
  /** Vulnerabilities of statements that match a finding. */
  readonly matched: Set<string>
  /** Findings that it would have suppressed, had it been trusted. */
  wouldSuppress: number
  /** Suppressions that it would have taken back, had it been trusted. */
  wouldRetract: number
}
