// The documents of a plan and of an applied fleet.
import type { AppliedEntry } from "../apply/fleet-result.js"
import type { PlannedEntry } from "../plan/planned.js"
import { appliedRow, entryRow, plannedRow } from "./entry-rows.js"
import { type FleetDocument, fleetDocument, fleetResultSchemaId, planSchemaId } from "./fleet-document.js"

/** What a document says beside what was found. */
export type DocumentHead = Pick<FleetDocument, "config" | "requests" | "shard">

export function planDocument(head: DocumentHead, planned: readonly PlannedEntry[]): FleetDocument {
  return fleetDocument({
    schema: planSchemaId,
    ...head,
    entries: planned.map(entryRow),
    images: planned.flatMap(({ entry, images }) => images.map((image) => plannedRow(entry, image))),
  })
}

export function appliedDocument(head: DocumentHead, applied: readonly AppliedEntry[]): FleetDocument {
  return fleetDocument({
    schema: fleetResultSchemaId,
    ...head,
    entries: applied.map(entryRow),
    images: applied.flatMap(({ entry, images }) => images.map((image) => appliedRow(entry, image))),
  })
}
