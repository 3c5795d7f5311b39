// What a plan and an applied fleet are as documents: one form for both, so that the parts of shards can be put together.
// Everything is in an order of its own, so that the same facts always give the same bytes, however many machines found them.
import { canonicalJson, compareText } from "../../findings/canonical-json.js"
import { type Digest, digestOf } from "../../oci/digest.js"
import type { HostRequests } from "./host-requests.js"
import { failuresOfRows } from "./row-failures.js"
import type { EntryRow, Failure, ImageRow } from "./rows.js"

export const planSchemaId = "https://cssc.dev/plan/v1"
export const fleetResultSchemaId = "https://cssc.dev/fleet/v1"

export type ConfigPart = {
  readonly source: string
  /** Of what the file says. */
  readonly digest: Digest
  /** How many entries that is, in all shards. */
  readonly entries: number
  /** Of the policy of the call, which entries without one are judged by. */
  readonly policy: Digest
}

export type DocumentParts = {
  readonly schema: typeof planSchemaId | typeof fleetResultSchemaId
  readonly config: ConfigPart
  /** i/n; left out for a whole fleet. */
  readonly shard?: string
  readonly entries: readonly EntryRow[]
  readonly images: readonly ImageRow[]
  readonly requests: HostRequests
}

export type FleetDocument = DocumentParts & {
  /** Of the configuration and of what was found: a plan's identity. Without times and requests. */
  readonly digest: Digest
  /** Of the rows: those that a pipeline stops by. */
  readonly failures: readonly Failure[]
  readonly passed: boolean
  /** How many images have each action or outcome. */
  readonly totals: Readonly<Record<string, number>>
}

/** The document of its parts, in order. */
export function fleetDocument(parts: DocumentParts): FleetDocument {
  const { config, images, entries } = parts
  const sorted = { entries: inOrder(entries), images: inOrder(images) }
  const digest = digestOf(canonicalJson({ config: { digest: config.digest, policy: config.policy }, ...sorted }))
  const failures = inOrder(failuresOfRows(entries, images))
  const names = images.map(({ action, outcome }) => outcome ?? action ?? "").sort(compareText)
  const totals: Record<string, number> = {}
  for (const name of names) totals[name] = (totals[name] ?? 0) + 1
  return { ...parts, ...sorted, failures, digest, passed: failures.length === 0, totals }
}

function inOrder<Row extends { readonly target: string; readonly kind: string }>(rows: readonly Row[]): readonly Row[] {
  return rows.toSorted(
    (a, b) =>
      compareText(a.target, b.target) || compareText(a.kind, b.kind) || compareText(canonicalJson(a), canonicalJson(b)),
  )
}
