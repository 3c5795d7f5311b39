// Results as files: what CI keeps, what `evaluate` and `check` read again.
import { dag, type Directory } from "@dagger.io/dagger"
import type { Assessment } from "../../core/findings/assessment.js"
import { canonicalJson } from "../../core/findings/canonical-json.js"
import type { Digest } from "../../core/oci/digest.js"

/** Files of one result, by path. */
export type ResultFiles = Readonly<Record<string, string>>

export function toDirectory(files: ResultFiles): Directory {
  return Object.entries(files).reduce(
    (directory, [path, content]) => directory.withNewFile(path, content),
    dag.directory(),
  )
}

/** JSON for people and for comparison: the same value always gives the same bytes. */
export function toJson(value: unknown): string {
  return `${JSON.stringify(JSON.parse(canonicalJson(value)), null, 2)}\n`
}

/** The raw reports of an assessment as `reports/<platform>-<digest>.json`. */
export function reportFiles(assessment: Assessment, reports: ReadonlyMap<Digest, string>): ResultFiles {
  return Object.fromEntries(
    assessment.platforms.flatMap(({ platform, digest }) => {
      const text = reports.get(digest)
      return text === undefined ? [] : [[reportPath(platform, digest), text] as const]
    }),
  )
}

export function reportPath(platform: string, digest: Digest): string {
  return `reports/${platform.replace(/[^a-z0-9.]+/gi, "-")}-${digest.replace(/^sha\d+:/, "").slice(0, 12)}.json`
}

/** Reads the raw reports back from the directory that an object carried. */
export async function readReports(assessment: Assessment, directory: Directory): Promise<ReadonlyMap<Digest, string>> {
  const scanned = assessment.platforms.filter(({ scan }) => scan !== undefined)
  return new Map(
    await Promise.all(
      scanned.map(
        async ({ platform, digest }) =>
          [digest, await directory.file(reportPath(platform, digest)).contents()] as const,
      ),
    ),
  )
}
