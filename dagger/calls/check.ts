// What ends a job: a failure when anything in a result is blocked, failed or unreadable. `check` takes the exported
// directory, `enforce` is the leaf of the object itself.
import type { Directory } from "@dagger.io/dagger"
import { CsscError } from "../../core/errors.js"
import { enforce } from "../session/require-passing.js"
import type { ResultFields } from "../session/result-files.js"

export async function runCheck(results: Directory): Promise<string> {
  const names = await results.entries()
  const name = ["result.json", "verdict.json"].find((candidate) => names.includes(candidate))
  if (name === undefined)
    throw new CsscError(
      "REPORT_INVALID",
      "the directory has neither result.json nor verdict.json: export `results` of a gate, promotion or run into it",
    )
  const json = await results.file(name).contents()
  return enforce(
    { json, summary: names.includes("summary.md") ? await results.file("summary.md").contents() : "" },
    name,
  )
}

export function runEnforce(result: Pick<ResultFields, "json" | "summary">): string {
  return enforce(result, "the result")
}
