// Manifests of our own: pushed, and listed under their subject where the registry keeps no list itself.
// https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pushing-manifests
import { CsscError } from "../../core/errors.js"
import { type Digest, digestOf, isDigest } from "../../core/oci/digest.js"
import { type Manifest, parseManifest } from "../../core/oci/manifest.js"
import { mediaTypes } from "../../core/oci/media-types.js"
import { bare, type PinnedReference, type Repository, repositoryName } from "../../core/oci/reference.js"
import { discard } from "../http/read-body.js"
import type { RegistryHttp } from "../http/registry-http.js"
import type { ReferrersReader } from "./referrers-reader.js"
import { ReferrersTag } from "./referrers-tag.js"

/** `reference` is a tag, or the digest. */
export type Push = {
  readonly content: string
  readonly mediaType: string
  readonly reference: string
  readonly action: string
}

export class ManifestWriter {
  private readonly lists: ReferrersTag

  constructor(
    private readonly http: RegistryHttp,
    private readonly listings: ReferrersReader,
  ) {
    this.lists = new ReferrersTag(listings)
  }

  async put(target: Repository, push: Push): Promise<Digest> {
    return (await this.send(target, push)).digest
  }

  /** A registry that does not say that it took note of the subject leaves the list to its clients. */
  async putAndList(target: Repository, push: Push): Promise<Digest> {
    const manifest = parseManifest(push.content, { reference: `${repositoryName(target)}@${digestOf(push.content)}` })
    const { digest, isNoted } = await this.send(target, push)
    if (manifest.subject === undefined || isNoted) return digest
    const subject = { ...bare(target), digest: manifest.subject.digest }
    await this.lists.add(subject, entryOf(manifest, push), (tag, list) => this.putList(target, tag, list))
    return digest
  }

  /** Takes a deleted manifest off the list of its subject, where clients keep it. */
  async unlist(subject: PinnedReference, gone: Digest): Promise<void> {
    if (await this.listings.hasApi(subject)) return
    await this.lists.remove(subject, gone, (tag, list) => this.putList(subject, tag, list))
  }

  private putList(target: Repository, tag: string, content: string): Promise<Digest> {
    const action = `push the list of referrers ${repositoryName(target)}:${tag}`
    return this.put(target, { content, mediaType: mediaTypes.ociIndex, reference: tag, action })
  }

  private send(target: Repository, push: Push): Promise<{ readonly digest: Digest; readonly isNoted: boolean }> {
    const { content, mediaType, reference, action } = push
    const digest = digestOf(content)
    const request = {
      action,
      repository: bare(target),
      right: "push" as const,
      method: "PUT" as const,
      path: `manifests/${reference}`,
      headers: { "content-type": mediaType },
      body: content,
      expect: [200, 201, 202],
    }
    return this.http.exchange(request, async (answer) => {
      await discard(answer)
      const stored = answer.header("docker-content-digest") ?? ""
      if (isDigest(stored) && stored.startsWith("sha256:") && stored !== digest)
        throw new CsscError(
          "DIGEST_MISMATCH",
          `${action} failed: the registry stored ${stored} instead of ${digest}: do not use it until it is explained`,
        )
      return { digest, isNoted: answer.header("oci-subject") !== undefined }
    })
  }
}

function entryOf(manifest: Manifest, { mediaType }: Push) {
  const { digest, size, artifactType, annotations } = manifest
  return {
    mediaType,
    digest,
    size,
    ...(artifactType === undefined ? {} : { artifactType }),
    ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
  }
}
