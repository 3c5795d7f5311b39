// What is there: the tags that an entry means, and what each stands for on both sides. It reads, and decides nothing.
import type { LimitFunction } from "p-limit"
import { CsscError } from "../../errors.js"
import type { Digest } from "../../oci/digest.js"
import type { Repository } from "../../oci/reference.js"
import type { Operation } from "../../operation.js"
import type { FleetEntry } from "../config/fleet.js"

export type SurveyedImage = {
  readonly tag: string
  /** What the source's tag stands for, or will once the entry before has run. */
  readonly digest?: Digest
  readonly targetDigest?: Digest
  /** Why nothing can be done: a code and a line. */
  readonly error?: string
  /** Nothing tells how old it is. */
  readonly isUnknownAge?: boolean
  /** It is not at the source yet: the entry before brings it, or may. */
  readonly coming?: "surely" | "perhaps"
  /** Where it is until then. */
  readonly from?: Repository
}

/**
 * `selected`: all that was asked for is there. `nothing-matched`: a pattern is not. `missing`: the registry knows no such
 * repository. `failed`: it could not be read.
 */
export type SelectionOutcome = "selected" | "nothing-matched" | "missing" | "failed"

export type Survey = {
  readonly entry: FleetEntry
  readonly outcome: SelectionOutcome
  /** Why it is not `selected`. */
  readonly why?: string
  /** Tags of the repository, attachments and all. */
  readonly listed: number
  readonly images: readonly SurveyedImage[]
}

/** An image that the entry before brings. */
export type Coming = Required<Pick<SurveyedImage, "tag" | "digest" | "coming" | "from">>

export type SurveyOperation = Pick<Operation, "registry" | "now" | "step" | "progress">

/** Repositories' tags, each listed once in a run; undefined for one that is not there. */
export class Listings {
  private readonly listed = new Map<string, Promise<readonly string[] | undefined>>()

  constructor(private readonly list: (repository: Repository) => Promise<readonly string[] | undefined>) {}

  tags({ registry, repository }: Repository): Promise<readonly string[] | undefined> {
    const name = `${registry}/${repository}`
    const known = this.listed.get(name) ?? this.list({ registry, repository })
    this.listed.set(name, known)
    return known
  }
}

/** Images of one run. */
export const MAX_IMAGES = 100_000

/** How many images all entries of a run mean: too many are refused before each of them is asked about. */
export class Meant {
  private number = 0

  add(images: number): void {
    this.number += images
    this.require()
  }

  /** Throws `LIMIT_EXCEEDED` for more images than one run takes. */
  require(): void {
    if (this.number > MAX_IMAGES)
      throw new CsscError(
        "LIMIT_EXCEEDED",
        `${this.number} images are meant, more than ${MAX_IMAGES} in one run: ask for fewer, or for a shard`,
      )
  }
}

export type SurveyRun = {
  readonly operation: SurveyOperation
  /** When the run began: one time for the ages of all its images, whatever the clock does meanwhile. */
  readonly now: Date
  readonly meant: Meant
  readonly listings: Listings
  readonly limit: LimitFunction
}

/** A code and a line; what is no failure of ours is a tool's. */
export function failureText(error: unknown): string {
  return error instanceof CsscError ? error.message : new CsscError("TOOL_FAILED", String(error)).message
}
