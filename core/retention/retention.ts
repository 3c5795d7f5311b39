// Retention: images that were in a quarantine for long enough go, by the ways and under the rules of every deletion. A plan
// is all that happens unless it is to be applied. Applied, each image is planned again right before it goes, with what is there
// then; and when the history has changed, all are.
import { deleteImage, type DeletionWay } from "../delete/delete-image.js"
import type { DeletionResult } from "../delete/deletion.js"
import { imageTags, readClosure, readTagged, uniqueNodes } from "../delete/repository-inventory.js"
import { type HostRequests, hostRequests } from "../fleet/document/host-requests.js"
import { rememberReads } from "../image/remember.js"
import type { Digest } from "../oci/digest.js"
import { bare, type Repository, repositoryName } from "../oci/reference.js"
import { mirrorHistoryTag } from "../oci/reserved-tags.js"
import type { Operation } from "../operation.js"
import { formatDuration } from "../policy/document/duration.js"
import { candidatesOf, planRetention, type RetentionRule } from "./plan-retention.js"
import { failuresOf, type RetentionRow } from "./retention-row.js"
import { type Survey, surveyQuarantine } from "./survey-quarantine.js"

export const retentionSchemaId = "https://cssc.dev/retention/v1"

export type RetentionRequest = Omit<RetentionRule, "now"> & {
  readonly repository: Repository
  readonly apply: boolean
  readonly deletionWay: DeletionWay
  /** Digests that a plan which somebody looked at would delete. */
  readonly reviewed?: ReadonlySet<Digest>
}

/** `done` is what became of a deletion that was tried. */
export type RetainedImage = RetentionRow & { readonly done?: DeletionResult }

export type Retention = {
  readonly schema: typeof retentionSchemaId
  readonly repository: string
  readonly applied: boolean
  readonly checkedAt: string
  readonly rule: { readonly olderThan?: string; readonly keepNewest: number }
  readonly way: DeletionWay["kind"]
  /** Why nothing can be deleted here. */
  readonly impossible?: string
  readonly images: readonly RetainedImage[]
  /** Deletions that were to be made and failed: what a job fails by. */
  readonly failures: readonly { readonly target: string; readonly outcome: string }[]
  readonly requests: HostRequests
}

type RetentionOperation = Pick<Operation, "registry" | "trust" | "now" | "step">

/** How often all is planned again because the history changed; a mirror that runs beside this changes it once a tag. */
const maxRounds = 5

export async function retention(operation: RetentionOperation, request: RetentionRequest): Promise<Retention> {
  const { repository, olderThan, keepNewest, deletionWay, apply } = request
  const isPossible = deletionWay.kind !== "none"
  const images: readonly RetainedImage[] =
    apply && isPossible ? await applyAll(operation, request) : (await planAll(operation, request)).rows
  return {
    schema: retentionSchemaId,
    repository: repositoryName(repository),
    applied: apply && isPossible,
    checkedAt: operation.now().toISOString(),
    rule: { keepNewest, ...(olderThan === undefined ? {} : { olderThan: formatDuration(olderThan) }) },
    way: deletionWay.kind,
    ...(deletionWay.kind === "none" ? { impossible: deletionWay.reason } : {}),
    images,
    failures: apply ? failuresOf(repositoryName(repository), images) : [],
    requests: hostRequests(operation.registry.exchanges),
  }
}

type Planned = { readonly rows: readonly RetentionRow[]; readonly survey: Survey }

async function planAll(operation: RetentionOperation, request: RetentionRequest): Promise<Planned> {
  const { repository, olderThan, keepNewest, reviewed, deletionWay } = request
  const registry = rememberReads(operation.registry)
  const survey = await surveyQuarantine(operation, repository, registry)
  const rule = {
    keepNewest,
    now: operation.now(),
    ...(olderThan === undefined ? {} : { olderThan }),
    ...(reviewed === undefined ? {} : { reviewed }),
  }
  const input = { ...rule, ...survey }
  const candidates = candidatesOf(input)
  const digests = imageTags(survey.tags).map(({ digest }) => digest)
  const tagged = candidates.length === 0 ? [] : await readTagged(registry, repository, digests)
  const closures = await Promise.all(candidates.map((digest) => readClosure(registry, repository, digest)))
  const manifests = uniqueNodes([...closures.flat(), ...tagged])
  const kind = deletionWay.kind === "docker-hub" ? "tag" : "manifest"
  return { survey, rows: planRetention({ ...input, kind, manifests, needed: neededBy(survey) }) }
}

function neededBy({ historyDigest }: Survey) {
  return historyDigest === undefined ? [] : [{ digest: historyDigest, why: "it is the mirror history" }]
}

async function applyAll(operation: RetentionOperation, request: RetentionRequest): Promise<readonly RetainedImage[]> {
  const done: RetainedImage[] = []
  const tried = new Set<Digest>()
  let stopped: string | undefined
  for (let round = 1; ; round += 1) {
    const { rows, survey } = await planAll(operation, request)
    const open = rows.filter(({ decision, digest }) => decision === "delete" && !tried.has(digest))
    let moved = false
    for (const row of open) {
      moved = stopped === undefined && !(await isUnchanged(operation, request, survey))
      if (moved && round < maxRounds) break
      if (moved) stopped = "the mirror history keeps changing: a mirror runs, so try again after it"
      tried.add(row.digest)
      const result = stopped === undefined ? await deleteOne(operation, request, row, survey) : notTried(stopped)
      done.push({ ...row, done: result })
      if (result.status === "failed") stopped ??= "an earlier deletion failed"
    }
    if (!moved || round >= maxRounds) return [...done, ...rows.filter(({ digest }) => !tried.has(digest))]
  }
}

function notTried(reason: string): DeletionResult {
  return { status: "failed", reason: `not tried: ${reason}`, deleted: [], kept: [] }
}

async function isUnchanged(
  { registry }: RetentionOperation,
  { repository }: RetentionRequest,
  { historyDigest }: Survey,
): Promise<boolean> {
  return (await registry.resolve({ ...bare(repository), tag: mirrorHistoryTag })) === historyDigest
}

// Under its tags and by its digest: a tag that moved, another tag, index or attachment that came, and it is left.
function deleteOne(
  operation: RetentionOperation,
  { repository, deletionWay }: RetentionRequest,
  { digest, tags }: RetentionRow,
  survey: Survey,
): Promise<DeletionResult> {
  const [tag, ...aliases] = tags
  const image = { ...bare(repository), digest, ...(tag === undefined ? {} : { tag }) }
  const request = { image, aliases, referrers: true, dryRun: false, deletionWay, needed: neededBy(survey) }
  return operation.step(
    `delete ${tags.join(", ")}`,
    () => deleteImage(operation, request),
    ({ status }) => `${tags.join(", ")}: ${status}`,
  )
}
