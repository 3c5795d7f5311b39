// Results of shards as one.
import type { Directory } from "@dagger.io/dagger"
import { CsscError } from "../../../core/errors.js"
import { mergeDocuments } from "../../../core/fleet/document/merge-documents.js"
import { MAX_SHARDS } from "../../../core/fleet/shard/shard.js"
import { type FleetFields, fleetFields } from "../../session/fleet-results.js"
import { lookOf } from "../../session/tell.js"
import { readConfig, type State } from "../../state/state.js"

const resultName = "result.json"

export async function runMerge(state: State, results: Directory): Promise<FleetFields> {
  const paths = (await results.glob(`**/${resultName}`)).filter((path) => !/(^|\/)runs\//.test(path)).sort()
  if (paths.length > MAX_SHARDS)
    throw new CsscError("LIMIT_EXCEEDED", `there are ${paths.length} results, more than ${MAX_SHARDS} shards can be`)
  const files = await Promise.all(paths.map(async (name) => ({ name, text: await results.file(name).contents() })))
  const fields = fleetFields(mergeDocuments(files), { look: lookOf(readConfig(state)) })
  return { ...fields, results: await withRuns(fields.results, results, paths) }
}

// Each promotion's own results, which no two shards share.
async function withRuns(merged: Directory, results: Directory, paths: readonly string[]): Promise<Directory> {
  let all = merged
  for (const path of paths) {
    const folder = path.slice(0, -resultName.length)
    const part = folder === "" ? results : results.directory(folder)
    if ((await part.entries()).some((name) => name.replace(/\/$/, "") === "runs"))
      all = all.withDirectory("runs", part.directory("runs"))
  }
  return all
}
