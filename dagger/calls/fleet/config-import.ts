// Another tool's file as a fleet file.
import type { File } from "@dagger.io/dagger"
import { CsscError } from "../../../core/errors.js"
import type { Imported } from "../../../core/fleet/import/imported.js"
import { importRegsync } from "../../../core/fleet/import/regsync.js"
import { renderImport } from "../../../core/fleet/import/render-import.js"
import { importSkopeoSync } from "../../../core/fleet/import/skopeo-sync.js"
import { type ResultFields, resultOf } from "../../session/result-files.js"
import { lookOf } from "../../session/tell.js"
import { readConfig, type State } from "../../state/state.js"

export type ImportArguments = {
  readonly tool: string
  readonly file: File
  readonly target: string
  readonly scoped: boolean
}

export async function runConfigImport(
  state: State,
  args: ImportArguments,
): Promise<ResultFields & { readonly yaml: string }> {
  const imported = read(args, await args.file.contents(), await args.file.name())
  const origin = { look: lookOf(readConfig(state)) }
  const fields = resultOf(imported, renderImport(imported), origin, { "cssc.yaml": imported.config })
  return { ...fields, yaml: imported.config }
}

function read({ tool, target, scoped }: ImportArguments, text: string, name: string): Imported {
  switch (tool) {
    case "regsync":
      return importRegsync(text, name)
    case "skopeo-sync":
      return importSkopeoSync(text, name, { target, scoped })
    default:
      throw new CsscError("ARGUMENT_INVALID", `"${tool.slice(0, 80)}" is not regsync or skopeo-sync`)
  }
}
