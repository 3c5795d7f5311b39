// References to images: where a tag ends and a digest begins. A tag is resolved once, at the edge; everything after
// that takes a PinnedReference, so that nothing can move under a decision.
// Grammar: https://github.com/distribution/reference (docker), with Docker Hub's short names and aliases.
import { CsscError } from "../errors.js"
import { type Digest, parseDigest } from "./digest.js"

/** A repository of a registry; `registry` is host[:port] as clients dial it. */
export type Repository = { readonly registry: string; readonly repository: string }

/** What an operator writes: a repository with a tag, a digest, or both. */
export type Reference = Repository & { readonly tag?: string; readonly digest?: Digest }

/** A reference that cannot move: the digest decides, the tag is only remembered. */
export type PinnedReference = Repository & { readonly digest: Digest; readonly tag?: string }

const dockerHub = "docker.io"
const dockerHubNames = new Set(["docker.io", "index.docker.io", "registry-1.docker.io", "registry.hub.docker.com"])
const hostPattern = /^(?:[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?$/i
const pathPattern = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/
const tagPattern = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/
const maxRepositoryLength = 255

// The port that clients dial anyway. A name without a dot needs its port to be one of a registry, and localhost is
// dialled without TLS.
const defaultPort = /(?<=\.[^:]*):443$/

/** One name for one registry: Docker Hub's host names are all `docker.io`; lower case, without HTTPS's own port. */
export function canonicalRegistry(host: string): string {
  const lower = host.toLowerCase().replace(defaultPort, "")
  return dockerHubNames.has(lower) ? dockerHub : lower
}

/** Reads `registry/repository[:tag][@digest]`; throws `REFERENCE_INVALID` and says what is wrong. */
export function parseReference(text: string): Reference {
  const trimmed = text.trim()
  const [name = "", digestText, ...rest] = trimmed.split("@")
  if (rest.length > 0) throw invalid(text, "it has more than one @")
  const colon = name.lastIndexOf(":")
  const tag = colon > name.lastIndexOf("/") ? name.slice(colon + 1) : undefined
  if (tag !== undefined && !tagPattern.test(tag)) throw invalid(text, `"${tag}" is not a tag`)
  const repository = parseRepository(tag === undefined ? name : name.slice(0, colon), text)
  return {
    ...repository,
    ...(tag === undefined ? {} : { tag }),
    ...(digestText === undefined ? {} : { digest: parseDigest(digestText) }),
  }
}

/** Reads `registry/repository` without a tag or digest; `origin` is the text to name in the error. */
export function parseRepository(text: string, origin = text): Repository {
  const slash = text.indexOf("/")
  const head = slash < 0 ? "" : text.slice(0, slash)
  const hasHost = /[.:]/.test(head) || head === "localhost"
  const registry = hasHost ? canonicalRegistry(head) : dockerHub
  let path = hasHost ? text.slice(slash + 1) : text
  if (registry === dockerHub && path !== "" && !path.includes("/")) path = `library/${path}`
  if (!hostPattern.test(registry)) throw invalid(origin, `"${head}" is not a registry host`)
  if (!pathPattern.test(path)) throw invalid(origin, `"${path}" is not a repository (lower case, no scheme, no tag)`)
  if (path.length > maxRepositoryLength) throw invalid(origin, `the repository is longer than ${maxRepositoryLength}`)
  return { registry, repository: path }
}

/** Refuses a tag that no registry accepts. */
export function parseTag(text: string): string {
  if (tagPattern.test(text)) return text
  throw new CsscError(
    "REFERENCE_INVALID",
    `"${text.slice(0, 160)}" is not a tag: letters, digits, . _ - and at most 128`,
  )
}

/** The repository alone, without the tag or digest that a reference carries along. */
export function bare({ registry, repository }: Repository): Repository {
  return { registry, repository }
}

/** `registry/repository`. */
export function repositoryName(reference: Repository): string {
  return `${reference.registry}/${reference.repository}`
}

/** `registry/repository@digest`: what every read, scan and copy is addressed by. */
export function pinnedName(reference: PinnedReference): string {
  return `${repositoryName(reference)}@${reference.digest}`
}

/** `registry/repository:tag@digest` with the parts that are there: for people. */
export function formatReference(reference: Reference): string {
  const tag = reference.tag === undefined ? "" : `:${reference.tag}`
  const digest = reference.digest === undefined ? "" : `@${reference.digest}`
  return `${repositoryName(reference)}${tag}${digest}`
}

/** As people call it: `registry/repository:tag`, and by its digest only without a tag. */
export function calledName(reference: Reference): string {
  const { tag, digest } = reference
  return formatReference({
    ...bare(reference),
    ...(tag === undefined ? (digest === undefined ? {} : { digest }) : { tag }),
  })
}

function invalid(text: string, why: string): CsscError {
  return new CsscError("REFERENCE_INVALID", `"${text.slice(0, 160)}" is not an image reference: ${why}`)
}

/** `repository:tag@digest` by the first tag of an image that has any number of them. */
export function nameOfTagged(
  repository: string,
  { tags: [tag], digest }: { readonly tags: readonly string[]; readonly digest?: Digest | undefined },
): string {
  return `${repository}${tag === undefined ? "" : `:${tag}`}${digest === undefined ? "" : `@${digest}`}`
}
