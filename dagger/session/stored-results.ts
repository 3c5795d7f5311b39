// Results as they were exported, found again in a directory that a caller passed.
import type { Directory } from "@dagger.io/dagger"
import { CsscError } from "../../core/errors.js"
import type { ResultTexts, RunTexts } from "../../core/report/read-results.js"
import { MAX_RESULT_FILES } from "./result-files.js"

/** A result's documents, as a report is made from them; with an inventory's, which is shown beside. */
export async function readTexts(results: Directory, inventory?: Directory): Promise<ResultTexts> {
  const names = await results.entries()
  const optional = async (name: string) => (names.includes(name) ? await results.file(name).contents() : undefined)
  const [result, verdict, own] = await Promise.all(["result.json", "verdict.json", "assessment.json"].map(optional))
  const tags = await assessmentsOf(results)
  const assessments = new Map([...(own === undefined ? [] : [["", own] as const]), ...tags])
  const runs = names.some((one) => one.replace(/\/$/, "") === "runs") ? await readRuns(results) : []
  return {
    assessments,
    ...(runs.length === 0 ? {} : { runs }),
    ...(inventory === undefined ? {} : { inventory: await inventory.file("result.json").contents() }),
    ...(result === undefined ? {} : { result }),
    ...(verdict === undefined ? {} : { verdict }),
  }
}

async function assessmentsOf(run: Directory): Promise<readonly (readonly [string, string])[]> {
  const paths = await run.glob("tags/*/assessment.json")
  return Promise.all(paths.map(async (path) => [path.split("/")[1] ?? "", await run.file(path).contents()] as const))
}

/** Of a tag, whose run or image has a result of its own. */
const ofTag = /(^|\/)tags\/[^/]+\/[^/]+$/

async function runPaths(results: Directory): Promise<readonly string[]> {
  const paths = (await results.glob("runs/**/result.json")).filter((path) => !ofTag.test(path)).sort()
  if (paths.length <= MAX_RESULT_FILES) return paths
  throw new CsscError(
    "LIMIT_EXCEEDED",
    `the fleet has ${paths.length} promotions with results, more than ${MAX_RESULT_FILES}: pass the results of its shards`,
  )
}

/** The results of a fleet's runs, without those of their tags. */
export async function readRunFiles(results: Directory): Promise<readonly { name: string; text: string }[]> {
  const paths = await runPaths(results)
  return Promise.all(paths.map(async (name) => ({ name, text: await results.file(name).contents() })))
}

// One after the other: a fleet's assessments are many, and each file is a question to the engine.
async function readRuns(results: Directory): Promise<readonly RunTexts[]> {
  const runs: RunTexts[] = []
  for (const path of await runPaths(results)) {
    const run = results.directory(path.slice(0, -"/result.json".length))
    runs.push({ result: await run.file("result.json").contents(), assessments: new Map(await assessmentsOf(run)) })
  }
  return runs
}

/** A stored result's own document; of a fleet, those of its runs as well. */
export type EarlierFile = { readonly name: string; readonly text: string; readonly runs: readonly string[] }

/** Of a run its own result counts, not those of its tags; of a promotion its result, not the verdict beside it. */
export async function readEarlierFiles(directory: Directory): Promise<readonly EarlierFile[]> {
  const results = (await directory.glob("**/result.json")).sort()
  const folders = new Set(results.map((path) => path.slice(0, -"result.json".length)))
  const verdicts = (await directory.glob("**/verdict.json")).filter(
    (path) => !folders.has(path.slice(0, -"verdict.json".length)),
  )
  const all = [...results, ...verdicts].filter((path) => !ofTag.test(path)).sort()
  if (all.length > MAX_RESULT_FILES)
    throw new CsscError(
      "LIMIT_EXCEEDED",
      `the directory has ${all.length} earlier results, more than ${MAX_RESULT_FILES}: pass the newest`,
    )
  const fleetOf = (path: string) => parents(path, "runs/").find((folder) => folders.has(folder))
  const read = (path: string) => directory.file(path).contents()
  const own = all.filter((path) => fleetOf(path) === undefined)
  return Promise.all(
    own.map(async (name) => {
      const folder = name.slice(0, name.lastIndexOf("/") + 1)
      const runs = all.filter((path) => fleetOf(path) === folder)
      return { name, text: await read(name), runs: await Promise.all(runs.map(read)) }
    }),
  )
}

/** The folders, the outermost first, below whose `within` a path lies. */
function parents(path: string, within: string): readonly string[] {
  return [...path.matchAll(new RegExp(`(?<=^|/)${within}`, "g"))].map(({ index }) => path.slice(0, index))
}
