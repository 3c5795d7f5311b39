// A fleet's document as the fields of an object.
import { type FleetDocument } from "../../core/fleet/document/fleet-document.js"
import { renderFleet } from "../../core/fleet/document/render-fleet.js"
import { type ResultFields, type ResultFiles, resultOf, type ResultOrigin } from "./result-files.js"

export type FleetFields = ResultFields & { readonly passed: boolean; readonly digest: string }

export function fleetFields(document: FleetDocument, origin: ResultOrigin, more: ResultFiles = {}): FleetFields {
  const { passed, digest } = document
  return { ...resultOf(document, renderFleet(document), origin, more), passed, digest }
}
