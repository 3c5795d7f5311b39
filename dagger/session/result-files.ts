// Results as files: what CI keeps, what `evaluate` and `check` read again. A result is its directory; the texts beside it
// are those that every caller asks for.
import type { Directory } from "@dagger.io/dagger"
import { CsscError } from "../../core/errors.js"
import { sortedKeys } from "../../core/findings/canonical-json.js"
import { type Metered, trafficOf } from "../../core/image/traffic.js"
import type { Page } from "../../core/page/page.js"
import { scratchDirectory } from "../containers/scratch.js"
import { type Look, summaryFiles, tell, type Told } from "./tell.js"

/** Files of one result, by path. */
export type ResultFiles = Readonly<Record<string, string>>

/** What every result has. */
export type ResultFields = Told & { readonly json: string; readonly results: Directory }

/** Files that are read from a directory at most. */
export const MAX_RESULT_FILES = 1000

/** JSON for people and for comparison: the same value always gives the same bytes. */
export function toJson(value: unknown): string {
  return `${JSON.stringify(sortedKeys(value), undefined, 2)}\n`
}

/** The name of the file that tells what a call asked of registries; how much that is depends on the day. */
const requestsFile = "requests.json"

/** What a call asked of registries until now, beside its result: facts of the run, none of the image. */
export function requestFiles(registry: Metered): ResultFiles {
  return { [requestsFile]: toJson(trafficOf(registry)) }
}

/** How the caller wants it told, and who was asked for it; what was only read of files asked nobody. */
export type ResultOrigin = { readonly look: Look; readonly registry?: Metered }

/** A result that is one document and its summary, and what else lies beside them. */
export function resultOf(
  document: unknown,
  page: Page,
  { look, registry }: ResultOrigin,
  more: ResultFiles = {},
): ResultFields {
  const json = toJson(document)
  const asked = registry === undefined ? {} : requestFiles(registry)
  const files = { "result.json": json, ...summaryFiles(page), ...asked, ...more }
  return { ...tell(page, look), json, results: scratchDirectory(files) }
}

/** The JSON files of a directory that a caller passed, by path. */
export async function readJsonFiles(directory: Directory): Promise<{ readonly name: string; readonly text: string }[]> {
  const found = await directory.glob("**/*.json")
  const names = found.filter((name) => name.split("/").at(-1) !== requestsFile).sort()
  if (names.length > MAX_RESULT_FILES)
    throw new CsscError(
      "LIMIT_EXCEEDED",
      `the directory has ${names.length} JSON files, more than ${MAX_RESULT_FILES}: pass the reports of one image`,
    )
  return Promise.all(names.map(async (name) => ({ name, text: await directory.file(name).contents() })))
}
