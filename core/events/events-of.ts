// What results say happened, as events; and what was seen on the way, as facts of the graph of images. A dry run did
// nothing, and what was found unchanged did not happen again.
import { bare, formatReference, parseReference } from "../oci/reference.js"
import {
  attestationSchema,
  type DeletionPart,
  deletionSchema,
  mirrorSchema,
  retirementSchema,
} from "../outcomes/read-other.js"
import type { ImageOutcome, Outcomes } from "../outcomes/read-outcomes.js"
import { type CloudEvent, eventOf, type Fact } from "./cloud-event.js"
import { indexFact, referrerFacts, tagFact } from "./graph-facts.js"
import { imageFact } from "./image-fact.js"
import { watchedFacts } from "./watched-facts.js"

const maxIds = 1000
const maxText = 1000

/** What no result tells of: calls that ended without one, such as mirrors. */
export function failedOutcomes(references: readonly string[], run: string): readonly ImageOutcome[] {
  const where = run === "" ? "" : `: ${run}`
  return references.map((reference) => ({
    ...{ kind: "failed", reference: formatReference(parseReference(reference)), outcome: "failed", passed: false },
    error: `the call ended without a result${where}`,
  }))
}

/** Each once, in the order of the images. */
export function eventsOf({ images }: Outcomes): readonly CloudEvent[] {
  const events = images.flatMap((image) => factsOf(image)).map(eventOf)
  return [...new Map(events.map((event) => [`${event.source} ${event.id}`, event])).values()]
}

function factsOf(image: ImageOutcome): readonly Fact[] {
  if (image.outcome === "dryrun") return []
  switch (image.kind) {
    case "failed":
      return [imageFact("failed", parseReference(image.reference), { error: (image.error ?? "").slice(0, maxText) })]
    case "mirror":
      return mirrored(image)
    case "monitored":
      return monitored(image)
    case "watched":
      return watchedFacts(image)
    case "deletion":
      return deleted(deletionSchema.parse(image.document))
    case "retirement":
      return retired(image)
    default:
      return [...judged(image), ...promoted(image)]
  }
}

function judged({ reference, passed, verdict }: ImageOutcome): readonly Fact[] {
  if (verdict === undefined) return []
  const { outcome, remaining, reasons, override, evaluatedAt } = verdict
  const image = parseReference(reference)
  const codes = [...new Set(reasons.filter(({ effect }) => effect === "block").map(({ code }) => code))].sort()
  const blocking = { outcome, blocking: remaining.slice(0, maxIds), reasons: codes }
  return [
    ...(passed ? [] : [imageFact("blocked", image, blocking, evaluatedAt)]),
    ...(override?.state === "used" ? [imageFact("overridden", image, overrideData(override), evaluatedAt)] : []),
    tagFact(image),
    indexFact(image, verdict.platforms),
  ].flatMap((one) => one ?? [])
}

type OverridePart = NonNullable<NonNullable<ImageOutcome["verdict"]>["override"]>

function overrideData({ approver, reason, reference, expires, covered }: OverridePart) {
  return { approver, reason, reference, expires, covered: covered.slice(0, maxIds) }
}

function promoted({ promotion }: ImageOutcome): readonly Fact[] {
  if (promotion === undefined) return []
  const { outcome, source, target, digest, previousDigest, evidence, carried, deletion, verdict } = promotion
  if (outcome !== "promote" && outcome !== "unchanged") return []
  const image = { ...parseReference(target), digest }
  const data = { from: source, ...(previousDigest === undefined ? {} : { previousDigest }) }
  const gone = { ...parseReference(source), digest }
  return [
    ...(outcome === "promote" ? [imageFact("promoted", image, data, verdict.evaluatedAt)] : []),
    ...(deletion?.status === "deleted" ? [imageFact("deleted", gone, {})] : []),
    tagFact(image),
    ...referrerFacts(bare(image), evidence),
    ...referrerFacts(bare(image), carried),
  ].flatMap((one) => one ?? [])
}

function mirrored({ document }: ImageOutcome): readonly Fact[] {
  const { source, target, copied, digest, previousDigest, dryRun } = mirrorSchema.parse(document)
  if (dryRun) return []
  const [from, image] = [parseReference(source), { ...parseReference(target), digest }]
  const data = { from: source, ...(previousDigest === undefined ? {} : { previousDigest }) }
  return [
    ...(copied ? [imageFact("mirrored", image, data)] : []),
    tagFact({ ...from, digest }),
    tagFact(image),
  ].flatMap((one) => one ?? [])
}

// What was attached is part of it: each day's proof is another.
function monitored({ document }: ImageOutcome): readonly Fact[] {
  const { image: name, digest, outcome, attached } = attestationSchema.parse(document)
  const image = { ...parseReference(name), digest }
  const proof = attached.map((one) => one.digest).sort()
  return [imageFact("monitored", image, { outcome, proof }), ...referrerFacts(bare(image), attached)]
}

// A tombstone that was there already was told of when it was written.
function retired({ document }: ImageOutcome): readonly Fact[] {
  const {
    image: name,
    digest,
    reason,
    successor,
    tags,
    dryRun,
    archive,
    tombstone,
    deletion,
  } = retirementSchema.parse(document)
  if (dryRun) return []
  const image = { ...parseReference(name), digest }
  const data = {
    ...{ reason, tags: tags.slice(0, maxIds), archived: archive.verified },
    ...(successor === undefined ? {} : { successor }),
    ...(tombstone === undefined ? {} : { tombstone: tombstone.digest }),
  }
  const isNew = tombstone?.state === "written"
  return [...(isNew ? [imageFact("retired", image, data)] : []), ...(deletion === undefined ? [] : deleted(deletion))]
}

function deleted({ image, dryRun, deleted: gone }: DeletionPart): readonly Fact[] {
  if (dryRun) return []
  const repository = bare(parseReference(image))
  return gone.map(({ digest, tag }) =>
    imageFact("deleted", { ...repository, digest, ...(tag === undefined ? {} : { tag }) }, {}),
  )
}
