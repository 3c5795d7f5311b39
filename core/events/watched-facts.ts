// What a look at a golden image says happened: nothing, unless its verdict changed. Of the same change the event is the same
// each day, until it is stored; when it was first seen is its time, which is no part of the identity.
import { bare, parseReference } from "../oci/reference.js"
import { type MonitoredPart, monitoredSchema } from "../outcomes/read-monitoring.js"
import type { ImageOutcome } from "../outcomes/read-outcomes.js"
import type { Fact } from "./cloud-event.js"
import { referrerFacts } from "./graph-facts.js"
import { imageFact } from "./image-fact.js"

/** Findings and tags that one event names. */
const maxNamed = 200

export function watchedFacts({ reference, document }: ImageOutcome): readonly Fact[] {
  const row = monitoredSchema.parse(document)
  if (row.state === "unchanged") return []
  const { outcome, reasons, before, tags, digest, proof } = row
  const attached = proof?.attached ?? []
  const image = { ...bare(parseReference(reference)), digest }
  const data = {
    ...{ outcome, proof: attached.map((one) => one.digest).sort(), tags: tags.slice(0, maxNamed), reasons },
    ...(before === undefined ? {} : { before: before.outcome, judgedBefore: before.evaluatedAt }),
    ...findingsOf(row),
  }
  return [imageFact("monitored", image, data, firstSeen(row)), ...referrerFacts(bare(image), attached)]
}

function findingsOf({ appeared, gone, altered }: MonitoredPart) {
  const told = ({ id, package: name, severity, judgement, platforms, fixedIn }: MonitoredPart["appeared"][number]) => {
    return { id, package: name, severity, judgement, platforms, ...(fixedIn === undefined ? {} : { fixedIn }) }
  }
  return {
    appeared: appeared.slice(0, maxNamed).map(told),
    gone: gone.slice(0, maxNamed).map(({ id, package: name }) => ({ id, package: name })),
    altered: altered.slice(0, maxNamed).map(told),
  }
}

function firstSeen({ appeared, evaluatedAt }: MonitoredPart): string {
  return appeared.map((one) => one.firstSeen).sort()[0] ?? evaluatedAt
}
