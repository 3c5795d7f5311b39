// Results as they were exported, found again in a directory that a caller passed.
import type { Directory } from "@dagger.io/dagger"
import { CsscError } from "../../core/errors.js"
import type { ResultTexts } from "../../core/report/read-results.js"
import { MAX_RESULT_FILES } from "./result-files.js"

/** A result's documents, as a report is made from them; with an inventory's, which is shown beside. */
export async function readTexts(results: Directory, inventory?: Directory): Promise<ResultTexts> {
  const names = await results.entries()
  const optional = async (name: string) => (names.includes(name) ? await results.file(name).contents() : undefined)
  const [result, verdict, own] = await Promise.all(["result.json", "verdict.json", "assessment.json"].map(optional))
  const paths = await results.glob("tags/*/assessment.json")
  const tags = paths.map(async (path) => [path.split("/")[1] ?? "", await results.file(path).contents()] as const)
  const assessments = new Map([...(own === undefined ? [] : [["", own] as const]), ...(await Promise.all(tags))])
  return {
    assessments,
    ...(inventory === undefined ? {} : { inventory: await inventory.file("result.json").contents() }),
    ...(result === undefined ? {} : { result }),
    ...(verdict === undefined ? {} : { verdict }),
  }
}

/** Of a run its own result counts, not those of its tags; of a promotion its result, not the verdict beside it. */
export async function readEarlierFiles(
  directory: Directory,
): Promise<{ readonly name: string; readonly text: string }[]> {
  const results = await directory.glob("**/result.json")
  const folders = new Set(results.map((path) => path.slice(0, -"result.json".length)))
  const verdicts = (await directory.glob("**/verdict.json")).filter(
    (path) => !folders.has(path.slice(0, -"verdict.json".length)),
  )
  const all = [...results, ...verdicts].filter((path) => !/(^|\/)tags\/[^/]+\/[^/]+$/.test(path)).sort()
  if (all.length > MAX_RESULT_FILES)
    throw new CsscError(
      "LIMIT_EXCEEDED",
      `the directory has ${all.length} earlier results, more than ${MAX_RESULT_FILES}: pass the newest`,
    )
  return Promise.all(all.map(async (name) => ({ name, text: await directory.file(name).contents() })))
}
