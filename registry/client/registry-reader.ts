// Reads from registries: what has a digest once, what can change always anew.
import { CsscError } from "../../core/errors.js"
import { type Digest, matchesDigest } from "../../core/oci/digest.js"
import { parseManifest } from "../../core/oci/manifest.js"
import { isImageManifestMediaType, isIndexMediaType } from "../../core/oci/media-types.js"
import { bare, pinnedName, type PinnedReference, type Reference, type Repository } from "../../core/oci/reference.js"
import type { ReferrerTree } from "../../core/oci/referrers.js"
import type { HttpExchange } from "../../core/ports.js"
import { isNotFound } from "../failure/registry-error.js"
import type { Access } from "../http/access.js"
import { readBody } from "../http/read-body.js"
import { RegistryHttp } from "../http/registry-http.js"
import type { ClientOptions } from "../limits/client-options.js"
import { retrying, type RetryPolicy } from "../retry.js"
import { type Content, DigestMemory } from "./digest-memory.js"
import { getManifest, headManifest, type ManifestHead } from "./read-manifest-bytes.js"
import { ReferrersReader } from "./referrers-reader.js"
import { listTags } from "./tags-listing.js"

/** Manifests whose type and size are remembered of a HEAD. */
const MAX_HEADS = 50_000

export type Descriptor = { readonly mediaType: string; readonly digest: Digest; readonly size: number }

export class RegistryReader {
  protected readonly http: RegistryHttp
  protected readonly listings: ReferrersReader
  protected readonly memory = new DigestMemory()
  private readonly heads = new Map<string, ManifestHead>()

  constructor(
    access: Access,
    protected readonly retry: RetryPolicy,
    options: ClientOptions = {},
  ) {
    this.http = new RegistryHttp(access, options)
    this.listings = new ReferrersReader(this.http)
  }

  get exchanges(): readonly HttpExchange[] {
    return this.http.exchanges
  }

  get retries(): ReadonlyMap<string, number> {
    return this.http.retries
  }

  async resolve(reference: Reference): Promise<Digest | undefined> {
    const head = await ifFound(this.try(() => headManifest(this.http, reference)))
    if (head === undefined) return undefined
    if (head.digest === undefined) return (await ifFound(this.try(() => getManifest(this.http, reference))))?.digest
    if (this.heads.size < MAX_HEADS) this.heads.set(pinnedName({ ...reference, digest: head.digest }), head)
    return head.digest
  }

  async manifest(reference: Reference): Promise<string | undefined> {
    const { digest } = reference
    const found = await ifFound(
      digest === undefined
        ? this.try(() => getManifest(this.http, reference))
        : this.manifestBytes({ ...reference, digest }),
    )
    return found?.bytes.toString("utf8")
  }

  async referrers(reference: Reference): Promise<ReferrerTree | undefined> {
    const subject = this.seen(reference) ?? (await this.resolve(reference))
    if (subject === undefined) return undefined
    return this.try(() => this.listings.tree({ ...reference, digest: subject }))
  }

  /** The digest, if this call has seen that it is there: it need not be asked for before each listing. */
  private seen(reference: Reference): Digest | undefined {
    const { digest } = reference
    if (digest === undefined) return undefined
    const isKnown =
      this.heads.has(pinnedName({ ...reference, digest })) || this.memory.known(reference, digest) !== undefined
    return isKnown ? digest : undefined
  }

  async blob(repository: Repository, { digest, size }: { digest: Digest; size: number }): Promise<Buffer> {
    const name = pinnedName({ ...repository, digest })
    const action = `read the blob ${name}`
    const { bytes } = await this.memory.once(repository, digest, () =>
      this.try(() =>
        this.http.exchange(
          { action, ...at(repository), method: "GET", path: `blobs/${digest}`, expect: [200] },
          async (answer) => ({ bytes: checked(await readBody(answer, size, action), digest, name), mediaType: "" }),
        ),
      ),
    )
    if (bytes.length === size) return bytes
    const told = `its descriptor says ${size} bytes, and the blob has ${bytes.length}`
    if (bytes.length > size)
      throw new CsscError("LIMIT_EXCEEDED", `${action} failed: ${told}: check what is stored there`)
    throw new CsscError("DIGEST_MISMATCH", `${name} is not what is described: ${told}: do not use this image`)
  }

  async hasBlob(repository: Repository, digest: Digest): Promise<boolean> {
    const action = `look for the blob ${pinnedName({ ...repository, digest })}`
    const ask = { action, ...at(repository), method: "HEAD" as const, path: `blobs/${digest}`, expect: [200] }
    return (await ifFound(this.try(() => this.http.exchange(ask, () => Promise.resolve(true))))) ?? false
  }

  tags(repository: Repository): Promise<readonly string[] | undefined> {
    return ifFound(this.try(() => listTags(this.http, repository)))
  }

  protected manifestBytes(reference: PinnedReference): Promise<Content> {
    return this.memory.once(reference, reference.digest, () => this.try(() => getManifest(this.http, reference)))
  }

  /** What was deleted is not there any more. */
  protected forget(reference: PinnedReference): void {
    this.memory.forget(reference, reference.digest)
    this.heads.delete(pinnedName(reference))
  }

  /** A manifest as the registry gives it now; undefined when it is not there. */
  protected async freshManifest(reference: PinnedReference): Promise<Buffer | undefined> {
    return (await ifFound(getManifest(this.http, reference)))?.bytes
  }

  /** Media type and size of a manifest, of a HEAD that was made before or of its bytes. */
  protected async describe(reference: PinnedReference): Promise<Descriptor> {
    const { digest } = reference
    const { mediaType = "", size } = this.heads.get(pinnedName(reference)) ?? {}
    const isKnown = isIndexMediaType(mediaType) || isImageManifestMediaType(mediaType)
    if (isKnown && size !== undefined) return { mediaType, digest, size }
    const { bytes } = await this.manifestBytes(reference)
    const manifest = parseManifest(bytes, { reference: pinnedName(reference), digest })
    return { mediaType: manifest.mediaType, digest, size: manifest.size }
  }

  protected try<T>(work: () => Promise<T>): Promise<T> {
    return retrying(this.retry, work, (error, pause) => this.http.again(error, pause))
  }
}

/** What was asked for, or undefined when it is not there. */
export async function ifFound<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked
  } catch (error) {
    if (isNotFound(error)) return undefined
    throw error
  }
}

function at(repository: Repository) {
  return { repository: bare(repository), right: "pull" as const }
}

function checked(content: Buffer, digest: Digest, name: string): Buffer {
  if (matchesDigest(content, digest)) return content
  throw new CsscError(
    "DIGEST_MISMATCH",
    `${name} came with other bytes than its digest says (${content.length} bytes): do not use this registry until it is explained`,
  )
}
