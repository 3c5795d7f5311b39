// Edges of the graph of images, as they were observed: a tag of a digest, a referrer of a subject, an index of platforms.
import { type Reference, type Repository, repositoryName } from "../oci/reference.js"
import type { Fact } from "./cloud-event.js"

const maxPlatforms = 200

/** Where an event comes from: the repository, as a URI. */
export function sourceOf(repository: Repository): string {
  return `oci://${repositoryName(repository)}`
}

/** `tag@digest`, or one of both. */
export function subjectOf({ tag, digest }: Reference): string {
  return [...(tag === undefined ? [] : [tag]), ...(digest === undefined ? [] : [digest])].join("@")
}

export function tagFact(image: Reference): Fact | undefined {
  const { tag, digest } = image
  if (tag === undefined || digest === undefined) return undefined
  return observed("tag", image, subjectOf(image), { tag, digest })
}

type Platform = { readonly platform: string; readonly digest: string }

/** Platforms with digests of their own: a single image is no index. */
export function indexFact(image: Reference, platforms: readonly Platform[]): Fact | undefined {
  const { digest } = image
  const own = platforms.filter((platform) => platform.digest !== digest)
  if (digest === undefined || own.length === 0) return undefined
  const listed = own.slice(0, maxPlatforms).map(({ platform, digest: child }) => ({ platform, digest: child }))
  return observed("image-index", image, digest, { digest, platforms: listed })
}

type Edge = { readonly subject: string; readonly digest: string } & (
  { readonly predicateType: string } | { readonly artifactType?: string | undefined }
)

export function referrerFacts(repository: Repository, edges: readonly Edge[]): readonly Fact[] {
  return edges.map(({ subject, digest, ...type }) =>
    observed("referrer", repository, digest, { subject, digest, ...type }),
  )
}

function observed(what: string, repository: Repository, subject: string, data: Fact["data"]): Fact {
  const type = `dev.cssc.graph.${what}-observed.v1`
  return { type, source: sourceOf(repository), subject, data: { repository: repositoryName(repository), ...data } }
}
