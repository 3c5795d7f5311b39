// Referrers: what is attached to a manifest, and to what is attached to it, as `oras discover --format json` lists it.
// https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#listing-referrers
import { z } from "zod"
import { CsscError } from "../errors.js"
import { annotationsSchema, digestSchema, mediaTypeSchema } from "./descriptor.js"
import type { Digest } from "./digest.js"
import { checkSchema, parseJson } from "./json.js"
import { childDigests, type Manifest } from "./manifest.js"

export const MAX_REFERRERS = 1000
export const MAX_REFERRER_DEPTH = 8
export const MAX_DISCOVERY_BYTES = 16 * 1024 * 1024
const maxJsonDepth = 2 * MAX_REFERRER_DEPTH + 16

export type Referrer = {
  readonly subject: Digest
  readonly digest: Digest
  readonly mediaType: string
  readonly size: number
  /** As the registry lists it; "" when it names none, so the manifest has to be read to know. */
  readonly artifactType: string
  readonly annotations: Readonly<Record<string, string>>
  readonly referrers: readonly Referrer[]
}

export type ReferrerTree = { readonly subject: Digest; readonly referrers: readonly Referrer[] }

/** One edge of the graph: what parity between two registries is about. */
export type ReferrerEdge = Pick<Referrer, "subject" | "digest" | "artifactType">

// oras v1.3.3, cmd/oras/internal/display/metadata/model/{discover,descriptor}.go. The children are checked level by
// level below, so that neither the schema nor a message recurses over a hostile tree.
const children = z
  .array(z.unknown())
  .nullish()
  .transform((list) => list ?? [])
const rootSchema = z.object({ digest: digestSchema, referrers: children })
export const referrerNodeSchema = z.object({
  digest: digestSchema,
  mediaType: mediaTypeSchema,
  size: z.int().nonnegative(),
  artifactType: z.string().max(255).default(""),
  annotations: annotationsSchema,
  referrers: children,
})

/** Reads oras' answer for one subject; throws `REFERRERS_UNTRUSTED` or `LIMIT_EXCEEDED`. */
export function parseDiscovery(text: Uint8Array | string, subject: Digest): ReferrerTree {
  const code = "REFERRERS_UNTRUSTED"
  const what = `the list of referrers of ${subject}`
  const value = parseJson(text, {
    ...{ code, what, maxBytes: MAX_DISCOVERY_BYTES, maxDepth: maxJsonDepth },
    onlyIntegers: true,
  })
  const root = checkSchema(rootSchema, value, code, what)
  if (root.digest !== subject) throw new CsscError(code, `${what} is about ${root.digest} instead`)
  const budget = { left: MAX_REFERRERS }
  return { subject, referrers: readLevel(root.referrers, subject, 1, budget, what) }
}

/** Every referrer of a tree, parents first, each (subject, digest) once. */
export function flattenReferrers(tree: ReferrerTree): readonly Referrer[] {
  const found = new Map<string, Referrer>()
  const visit = (level: readonly Referrer[]): void => {
    for (const referrer of level) if (!found.has(edgeKey(referrer))) found.set(edgeKey(referrer), referrer)
    for (const referrer of level) visit(referrer.referrers)
  }
  visit(tree.referrers)
  return [...found.values()]
}

/**
 * Tells whether a registry answered the referrers tag with the subject itself, as GitLab does (oras-go#1396): its own
 * children, or itself, then look like referrers. No digest can be its own referrer, so a cycle is a lie as well.
 * True means: this registry has no referrers, whatever it lists.
 */
export function detectLyingReferrersTag(tree: ReferrerTree, manifest: Manifest): boolean {
  const own = childDigests(manifest)
  const lies = (level: readonly Referrer[], above: readonly Digest[]): boolean =>
    level.some(({ digest, referrers }) => above.includes(digest) || lies(referrers, [...above, digest]))
  return tree.referrers.some((referrer) => own.has(referrer.digest)) || lies(tree.referrers, [tree.subject])
}

/** Compares what is attached on two sides, by (subject, digest). Sorted, so that reports are stable. */
export function compareReferrers(
  source: readonly ReferrerTree[],
  target: readonly ReferrerTree[],
): { readonly missing: readonly ReferrerEdge[]; readonly extra: readonly ReferrerEdge[] } {
  const left = edges(source)
  const right = edges(target)
  return { missing: difference(left, right), extra: difference(right, left) }
}

function readLevel(
  nodes: readonly unknown[],
  subject: Digest,
  depth: number,
  budget: { left: number },
  what: string,
): readonly Referrer[] {
  if (nodes.length === 0) return []
  if (depth > MAX_REFERRER_DEPTH) {
    throw new CsscError("LIMIT_EXCEEDED", `${what} is nested deeper than ${MAX_REFERRER_DEPTH} levels`)
  }
  budget.left -= nodes.length
  if (budget.left < 0) throw new CsscError("LIMIT_EXCEEDED", `${what} has more than ${MAX_REFERRERS} entries`)
  return nodes.map((value) => {
    const node = checkSchema(referrerNodeSchema, value, "REFERRERS_UNTRUSTED", `a referrer of ${subject}`)
    return { ...node, subject, referrers: readLevel(node.referrers, node.digest, depth + 1, budget, what) }
  })
}

function edgeKey({ subject, digest }: ReferrerEdge): string {
  return `${subject} ${digest}`
}

function edges(trees: readonly ReferrerTree[]): ReadonlyMap<string, ReferrerEdge> {
  return new Map(
    trees
      .flatMap((tree) => flattenReferrers(tree))
      .map(({ subject, digest, artifactType }) => [
        edgeKey({ subject, digest, artifactType }),
        { subject, digest, artifactType },
      ]),
  )
}

function difference(left: ReadonlyMap<string, ReferrerEdge>, right: ReadonlyMap<string, ReferrerEdge>): ReferrerEdge[] {
  const keys = [...left.keys()].filter((key) => !right.has(key)).sort()
  return keys.flatMap((key) => left.get(key) ?? [])
}
