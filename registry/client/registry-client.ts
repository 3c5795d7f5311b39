// The registry client: reads, and writes what is small. Layers are moved by oras (dagger/containers/copying-registry.ts).
import { allEnded } from "../../core/all-ended.js"
import { contentFailure } from "../../core/errors.js"
import type { Artifact } from "../../core/evidence/artifact.js"
import { emptyDescriptor } from "../../core/oci/descriptor.js"
import { type Digest, digestOf } from "../../core/oci/digest.js"
import { parseManifest } from "../../core/oci/manifest.js"
import { mediaTypes } from "../../core/oci/media-types.js"
import { bare, pinnedName, type PinnedReference, type Repository, repositoryName } from "../../core/oci/reference.js"
import type { Prober, Registry } from "../../core/ports.js"
import { isNotFound } from "../failure/registry-error.js"
import type { Access } from "../http/access.js"
import { discard } from "../http/read-body.js"
import type { ClientOptions } from "../limits/client-options.js"
import { readProbes } from "../probe/read-probes.js"
import { writeProbes } from "../probe/write-probes.js"
import type { RetryPolicy } from "../retry.js"
import { ManifestWriter } from "./manifest-writer.js"
import { emptyConfig, packArtifact, type Packed } from "./pack-artifact.js"
import { ifFound, RegistryReader } from "./registry-reader.js"
import { beginUpload, uploadBlob } from "./upload-blob.js"

export class RegistryClient extends RegistryReader implements Omit<Registry, "copy" | "copyBlob" | "validate">, Prober {
  protected readonly writer: ManifestWriter
  /** Repositories that are known to have the empty config. */
  private readonly withEmptyConfig = new Set<string>()

  constructor(access: Access, retry: RetryPolicy, options: ClientOptions = {}) {
    super(access, retry, options)
    this.writer = new ManifestWriter(this.http, this.listings)
  }

  putManifest(target: Repository, content: string, mediaType: string, tag?: string): Promise<Digest> {
    const name = repositoryName(target)
    const action = `push a manifest to ${tag === undefined ? name : `${name}:${tag}`}`
    const push = { content, mediaType, reference: tag ?? digestOf(content), action }
    return this.try(() => this.writer.putAndList(target, push))
  }

  /** The manifest's bytes once more, under the tag: what is listed already is not listed again. */
  async tag(reference: PinnedReference, tag: string): Promise<void> {
    const action = `tag ${pinnedName(reference)} as ${tag}`
    const { bytes, mediaType } = await this.manifestBytes(reference)
    const push = { content: bytes.toString("utf8"), mediaType, reference: tag, action }
    await this.try(() => this.writer.put(reference, push))
  }

  /** All attempts send one manifest: an answer that was lost on the way leaves no second attachment. */
  async attach(subject: PinnedReference, artifact: Artifact): Promise<Digest> {
    const action = `attach ${artifact.fileName} to ${pinnedName(subject)}`
    const packed = packArtifact(artifact, new Date(), await this.describe(subject))
    return this.try(async () => {
      await this.upload(subject, packed, action)
      const content = packed.manifest
      const push = { content, mediaType: mediaTypes.ociManifest, reference: digestOf(content), action }
      return this.writer.putAndList(subject, push)
    })
  }

  push(repository: Repository, tag: string, artifact: Artifact): Promise<Digest> {
    const action = `push ${repositoryName(repository)}:${tag}`
    const created = new Date()
    return this.try(async () => {
      const packed = packArtifact(artifact, created)
      await this.upload(repository, packed, action)
      const push = { content: packed.manifest, mediaType: mediaTypes.ociManifest, reference: tag, action }
      return this.writer.put(repository, push)
    })
  }

  /** Of what is gone already nothing is left to do. A list that clients keep names it no more afterwards. */
  async remove(reference: PinnedReference): Promise<void> {
    const found = await ifFound(this.manifestBytes(reference))
    if (found === undefined) return
    await this.try(() => this.deleteOnce(reference))
    this.forget(reference)
    const subject = subjectOf(reference, found.bytes)
    if (subject !== undefined) await this.try(() => this.writer.unlist(subject, reference.digest))
  }

  async probe(repository: Repository, stamp?: string) {
    const read = await readProbes(this.http, repository)
    const written = stamp === undefined ? undefined : await writeProbes(this.http, repository, stamp)
    return { capabilities: [...read, ...(written?.capabilities ?? [])], left: written?.left ?? [] }
  }

  /** Throws when nothing may be written to a repository: an upload is begun, and left. */
  async probeUpload(target: Repository, action: string): Promise<void> {
    await beginUpload(this.http, target, action)
  }

  private async deleteOnce(reference: PinnedReference): Promise<void> {
    const request = {
      action: `delete ${pinnedName(reference)}`,
      repository: bare(reference),
      right: "delete" as const,
      method: "DELETE" as const,
      path: `manifests/${reference.digest}`,
      expect: [200, 202, 204],
    }
    try {
      await this.http.exchange(request, discard)
    } catch (error) {
      // It was there, and is not: an attempt before got through without an answer.
      if (!isNotFound(error)) throw error
      if ((await this.resolve(reference)) !== undefined) throw error
    }
  }

  private async upload(target: Repository, { blobs, isEmptyConfig }: Packed, action: string): Promise<void> {
    await allEnded<unknown>([
      ...(isEmptyConfig ? [this.uploadEmptyConfig(target, action)] : []),
      ...blobs.map((blob) => uploadBlob(this.http, target, blob, action)),
    ])
  }

  private async uploadEmptyConfig(target: Repository, action: string): Promise<void> {
    const name = repositoryName(target)
    if (this.withEmptyConfig.has(name)) return
    if (!(await this.hasBlob(target, emptyDescriptor.digest))) await uploadBlob(this.http, target, emptyConfig, action)
    this.withEmptyConfig.add(name)
  }
}

// What nobody can read is deleted all the same: it names no subject.
function subjectOf(reference: PinnedReference, bytes: Buffer): PinnedReference | undefined {
  try {
    const { subject } = parseManifest(bytes, { reference: pinnedName(reference), digest: reference.digest })
    return subject === undefined ? undefined : { ...bare(reference), digest: subject.digest }
  } catch (error) {
    contentFailure(error)
    return undefined
  }
}
