// Copies within one registry, where no layer has to move: the registry mounts the blobs, and the manifests are pushed as
// they are, children before what lists them. In this process, so without a container for each image.
// https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#mounting-a-blob-from-another-repository
import { allEnded } from "../../core/all-ended.js"
import { CsscError } from "../../core/errors.js"
import type { Digest } from "../../core/oci/digest.js"
import { blobsOf, childDigests, parseManifest } from "../../core/oci/manifest.js"
import { bare, pinnedName, type PinnedReference, type Repository, repositoryName } from "../../core/oci/reference.js"
import { RegistryError } from "../failure/registry-error.js"
import type { RegistryHttp } from "../http/registry-http.js"
import type { Content } from "./digest-memory.js"
import type { ManifestWriter } from "./manifest-writer.js"
import { type BlobMount, mountBlob } from "./mount-blob.js"

/** Manifests of one copy; what has more goes the way of copies between registries. */
export const MAX_MOUNTED_MANIFESTS = 1000

export type MountSource = {
  readonly http: RegistryHttp
  readonly writer: ManifestWriter
  readonly manifest: (reference: PinnedReference) => Promise<Content>
  readonly hasBlob: (repository: Repository, digest: Digest) => Promise<boolean>
  readonly retrying: <T>(work: () => Promise<T>) => Promise<T>
}

export type MountRequest = {
  readonly from: Repository
  readonly to: Repository
  /** An image, then what is attached to it: pushed in this order, each with all that it lists. */
  readonly roots: readonly Digest[]
  readonly action: string
}

/** Those of one row are pushed at the same time; a list comes after what it lists. */
type Row = readonly (readonly [Digest, Content])[]
type Plan = { readonly rows: Row[]; readonly blobs: Map<Digest, number>; manifests: number }

export class MountCopy {
  /** Blobs by target: platforms and tags share layers, and each is mounted once. */
  private readonly mounted = new Map<string, Promise<boolean>>()
  /** Pairs of repositories between which the registry does not mount. */
  private readonly refused = new Set<string>()

  constructor(private readonly source: MountSource) {}

  /**
   * False when the registry does not mount between the two, or lacks a part: then no manifest was pushed, and another
   * way has to be taken, which also says what is wrong.
   */
  async copy({ from, to, roots, action }: MountRequest): Promise<boolean> {
    const pair = `${repositoryName(from)} ${repositoryName(to)}`
    if (from.registry !== to.registry || this.refused.has(pair)) return false
    const plan = await this.plan(from, roots)
    if (plan === undefined) return false
    const mounts = await allEnded([...plan.blobs].map(([digest, size]) => this.mount({ from, to, digest, size })))
    if (mounts.includes(false)) {
      this.refused.add(pair)
      return false
    }
    for (const row of plan.rows) await allEnded(row.map((one) => this.push(to, one, action)))
    return true
  }

  private async plan(from: Repository, roots: readonly Digest[]): Promise<Plan | undefined> {
    const plan: Plan = { rows: [], blobs: new Map(), manifests: 0 }
    try {
      for (const root of roots) await this.visit(from, [root], plan)
      return plan
    } catch (error) {
      const passes = error instanceof RegistryError && error.retry
      if (error instanceof CsscError && !passes) return undefined
      throw error
    }
  }

  private async visit(from: Repository, digests: readonly Digest[], plan: Plan): Promise<void> {
    plan.manifests += digests.length
    if (plan.manifests > MAX_MOUNTED_MANIFESTS)
      throw new CsscError("LIMIT_EXCEEDED", `more than ${MAX_MOUNTED_MANIFESTS} manifests`)
    const row = await Promise.all(
      digests.map(async (digest) => [digest, await this.source.manifest({ ...bare(from), digest })] as const),
    )
    const listed = new Set<Digest>()
    for (const [digest, { bytes }] of row) {
      const manifest = parseManifest(bytes, { reference: pinnedName({ ...from, digest }), digest })
      if (manifest.kind === "index") for (const child of childDigests(manifest)) listed.add(child)
      else for (const blob of blobsOf(manifest)) plan.blobs.set(blob.digest, blob.size)
    }
    if (listed.size > 0) await this.visit(from, [...listed], plan)
    plan.rows.push(row)
  }

  private mount(blob: BlobMount): Promise<boolean> {
    const { to, digest } = blob
    const key = pinnedName({ ...bare(to), digest })
    const known = this.mounted.get(key)
    if (known !== undefined) return known
    const { http, hasBlob, retrying } = this.source
    const mounting = retrying(() => mountBlob(http, blob)).then((done) => done || hasBlob(to, digest))
    this.mounted.set(key, mounting)
    mounting.catch(() => this.mounted.delete(key))
    return mounting
  }

  private async push(to: Repository, [digest, { bytes, mediaType }]: Row[number], action: string): Promise<void> {
    const push = { content: bytes.toString("utf8"), mediaType, reference: digest, action }
    await this.source.retrying(() => this.source.writer.putAndList(to, push))
  }
}
