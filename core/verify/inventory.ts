// The inventory of a trusted repository: of every tag whether it may be deployed, since when that is proven, until when, and why
// not. One look at what is there; nothing is scanned or written.
import pLimit from "p-limit"
import { readFailure } from "../errors.js"
import { pin } from "../image/image-graph.js"
import { unknownRepository } from "../image/missing-image.js"
import type { Digest } from "../oci/digest.js"
import { type Repository, repositoryName } from "../oci/reference.js"
import { selectTags, type TagSelection } from "../oci/tags.js"
import type { Operation } from "../operation.js"
import type { Ending } from "./endings.js"
import { type Verification, verify } from "./verify.js"

export type InventoryRequest = {
  readonly repository: Repository
  readonly tags: TagSelection
  /** How old a proof may be, in milliseconds. */
  readonly maxAge: number
}

/** `unread`: the registry did not give what decides, so nothing is known. */
export type InventoryRow = {
  readonly tag: string
  readonly state: "proven" | "unproven" | "unread"
  readonly digest?: Digest
  readonly problems: readonly string[]
  /** When it was judged last, and when its proof is too old. */
  readonly timeVerified?: string
  readonly provenUntil?: string
  readonly ends?: readonly Ending[]
  readonly judged: Verification["judged"]
}

export type Inventory = {
  readonly schema: "https://cssc.dev/inventory/v1"
  readonly repository: string
  readonly checkedAt: string
  readonly rows: readonly InventoryRow[]
}

/** Tags looked at at once. */
const TAGS_AT_ONCE = 16

type InventoryOperation = Pick<Operation, "registry" | "trust" | "now" | "step">

export async function takeInventory(operation: InventoryOperation, request: InventoryRequest): Promise<Inventory> {
  const { repository, tags } = request
  const listed = await operation.registry.tags(repository)
  if (listed === undefined) throw unknownRepository(repository)
  const limit = pLimit(TAGS_AT_ONCE)
  const rows = selectTags(listed, tags).map((tag) => limit(() => rowOf(operation, request, tag)))
  return {
    schema: "https://cssc.dev/inventory/v1",
    repository: repositoryName(repository),
    checkedAt: operation.now().toISOString(),
    rows: await Promise.all(rows),
  }
}

async function rowOf(operation: InventoryOperation, request: InventoryRequest, tag: string): Promise<InventoryRow> {
  const { repository, maxAge } = request
  try {
    const image = await pin(operation.registry, { ...repository, tag })
    return told(tag, await verify(operation, { image, maxAge }), maxAge)
  } catch (error) {
    return { tag, state: "unread", problems: [readFailure(error).message], judged: [] }
  }
}

function told(
  tag: string,
  { verified, digest, problems, summary, judged }: Verification,
  maxAge: number,
): InventoryRow {
  const base: InventoryRow = { tag, state: verified ? "proven" : "unproven", digest, problems, judged }
  if (summary === undefined) return base
  const { timeVerified, ends = [] } = summary
  const tooOld = new Date(Date.parse(timeVerified) + maxAge).toISOString()
  const [soonest = tooOld] = ends.map(({ expires }) => expires)
  return { ...base, timeVerified, provenUntil: soonest < tooOld ? soonest : tooOld, ends }
}
