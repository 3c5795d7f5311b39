// What is attached to a manifest, and to what is attached to it: by the referrers API, or by the tag under which clients
// keep a list where a registry has none.
// https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#listing-referrers
import { CsscError } from "../../core/errors.js"
import { type Digest, digestOf, matchesDigest } from "../../core/oci/digest.js"
import { isIndexMediaType, mediaTypes } from "../../core/oci/media-types.js"
import { pinnedName, type PinnedReference, type Repository, repositoryName } from "../../core/oci/reference.js"
import { MAX_REFERRER_DEPTH, MAX_REFERRERS, type Referrer, type ReferrerTree } from "../../core/oci/referrers.js"
import { referrersTag } from "../../core/oci/reserved-tags.js"
import { untrustedListing } from "../failure/failure-kinds.js"
import { isNotFound, RegistryError } from "../failure/registry-error.js"
import type { Answer } from "../http/answer.js"
import type { RegistryHttp } from "../http/registry-http.js"
import { mediaTypeOf } from "./content-type.js"
import { readPages } from "./listing-pages.js"
import { getManifest, headManifest, type ManifestBytes } from "./read-manifest-bytes.js"
import { parseReferrersPage, type ReferrerEntry } from "./referrers-page.js"

type Walk = { left: number; readonly lists: Map<Digest, Promise<readonly ReferrerEntry[]>> }

export class ReferrersReader {
  /** Repositories whose registry was found to have the API, or not. */
  private readonly api = new Map<string, boolean>()

  constructor(private readonly http: RegistryHttp) {}

  /** The referrers of a manifest that is there, nested; throws `REFERRERS_UNTRUSTED` or `LIMIT_EXCEEDED`. */
  async tree(subject: PinnedReference): Promise<ReferrerTree> {
    const walk: Walk = { left: MAX_REFERRERS, lists: new Map() }
    return { subject: subject.digest, referrers: await this.level(subject, [], walk) }
  }

  /** One list, as it is now; throws when the registry that keeps lists has none for a manifest that is there. */
  async list(subject: PinnedReference): Promise<readonly ReferrerEntry[]> {
    const repository = repositoryName(subject)
    if (this.api.get(repository) === false) return this.byTag(subject)
    try {
      const listed = await this.byApi(subject)
      // Asked for at the same time, others were told that there is no API, and read a tag that nobody keeps there.
      if (this.api.get(repository) === false) throw contradiction(subject)
      this.api.set(repository, true)
      return listed
    } catch (error) {
      if (!isWithoutApi(error)) throw error
      if (this.api.get(repository) === true && (await this.isThere(subject))) throw contradiction(subject)
      if (!this.api.has(repository)) this.api.set(repository, false)
      return this.byTag(subject)
    }
  }

  /** Whether the registry keeps lists itself; asks for one when that is not known yet. */
  async hasApi(subject: PinnedReference): Promise<boolean> {
    if (!this.api.has(repositoryName(subject))) await this.list(subject)
    return this.api.get(repositoryName(subject)) ?? false
  }

  /** The list under the referrers tag as it is stored; undefined when there is none. */
  async stored(subject: PinnedReference): Promise<ManifestBytes | undefined> {
    const { registry, repository, digest } = subject
    try {
      return await getManifest(this.http, { registry, repository, tag: referrersTag(digest) })
    } catch (error) {
      if (isNotFound(error)) return undefined
      throw error
    }
  }

  private async isThere(subject: PinnedReference): Promise<boolean> {
    try {
      await headManifest(this.http, subject)
      return true
    } catch (error) {
      if (isNotFound(error)) return false
      throw error
    }
  }

  private async level(subject: PinnedReference, above: readonly Digest[], walk: Walk): Promise<readonly Referrer[]> {
    const { digest } = subject
    // A circle cannot be: it is told as it is listed, once around.
    if (above.includes(digest)) return []
    const listing = walk.lists.get(digest) ?? this.list(subject)
    walk.lists.set(digest, listing)
    const entries = await listing
    if (entries.length === 0) return []
    const what = `the list of referrers of ${pinnedName(subject)}`
    if (above.length >= MAX_REFERRER_DEPTH)
      throw new CsscError("LIMIT_EXCEEDED", `${what} is nested deeper than ${MAX_REFERRER_DEPTH} levels`)
    walk.left -= entries.length
    if (walk.left < 0) throw new CsscError("LIMIT_EXCEEDED", `${what} has more than ${MAX_REFERRERS} entries`)
    return Promise.all(
      entries.map(async (entry) => ({
        ...entry,
        subject: digest,
        referrers: await this.level({ ...subject, digest: entry.digest }, [...above, digest], walk),
      })),
    )
  }

  private byApi({ registry, repository, digest }: PinnedReference): Promise<ReferrerEntry[]> {
    const action = `list the referrers of ${pinnedName({ registry, repository, digest })}`
    const request = {
      action,
      repository: { registry, repository },
      right: "pull" as const,
      method: "GET" as const,
      path: `referrers/${digest}`,
      headers: { accept: mediaTypes.ociIndex },
      expect: [200],
      stay: true,
    }
    const parse = (bytes: Buffer, answer: Answer) => {
      const mediaType = mediaTypeOf(answer.header("content-type"))
      if (mediaType !== mediaTypes.ociIndex) throw untrusted(action, answer.sent, mediaType)
      return parseReferrersPage(bytes, digest)
    }
    return readPages(this.http, request, parse, MAX_REFERRERS)
  }

  // Some registries take the tag for the digest and answer with the subject: its children are told, so that the lie is
  // seen where the image is known.
  private async byTag(subject: PinnedReference): Promise<readonly ReferrerEntry[]> {
    const found = await this.stored(subject)
    if (found === undefined) return []
    const { bytes, mediaType } = found
    if (matchesDigest(bytes, subject.digest))
      return isIndexMediaType(mediaType) ? parseReferrersPage(bytes, subject.digest) : []
    if (mediaType === mediaTypes.ociIndex) return parseReferrersPage(bytes, subject.digest)
    throw untrustedTag(subject, mediaType, digestOf(bytes))
  }
}

/** 404, or a redirect to somebody else: ghcr.io sends those who ask to its web pages (artifacthub/hub#4785). */
function isWithoutApi(error: unknown): boolean {
  const { status = 0 } = error instanceof RegistryError ? error : {}
  return status === 404 || (status >= 300 && status < 400)
}

function untrusted(action: string, { method, url }: Answer["sent"], mediaType: string): RegistryError {
  const text = `${method} ${url.host}${url.pathname} answered 200 with ${mediaType === "" ? "no Content-Type" : `Content-Type ${mediaType.slice(0, 100)}`}`
  return new RegistryError(action, untrustedListing, { text })
}

function contradiction(subject: PinnedReference): CsscError {
  return new CsscError(
    "REFERRERS_UNTRUSTED",
    `the registry answers some of the listings of ${repositoryName(subject)} and says of others (here of ${subject.digest}) that it has no such API: what is attached cannot be known; try again, and ask whoever runs it`,
  )
}

function untrustedTag(subject: Repository & { digest: Digest }, mediaType: string, digest: Digest): CsscError {
  return new CsscError(
    "REFERRERS_UNTRUSTED",
    `${repositoryName(subject)}:${referrersTag(subject.digest)} is not a list of referrers: it has media type "${mediaType.slice(0, 100)}" and digest ${digest}; see what was pushed there`,
  )
}
