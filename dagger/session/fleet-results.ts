// A fleet's document as the fields of an object.
import { type FleetDocument } from "../../core/fleet/document/fleet-document.js"
import { renderFleet } from "../../core/fleet/document/render-fleet.js"
import { scratchDirectory } from "../containers/scratch.js"
import { type ResultFields, type ResultFiles, toJson } from "./result-files.js"
import { type Look, summaryFiles, tell } from "./tell.js"

export type FleetFields = ResultFields & { readonly passed: boolean; readonly digest: string }

export function fleetFields(document: FleetDocument, look: Look, more: ResultFiles = {}): FleetFields {
  const json = toJson(document)
  const page = renderFleet(document)
  const results = scratchDirectory({ ...more, "result.json": json, ...summaryFiles(page) })
  return { ...tell(page, look), json, results, passed: document.passed, digest: document.digest }
}
