// Manifests as bytes, with the digest that they have: named by the registry or not, it is computed.
// https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pulling-manifests
import { CsscError } from "../../core/errors.js"
import { type Digest, digestOf, isDigest, matchesDigest } from "../../core/oci/digest.js"
import { MAX_MANIFEST_BYTES } from "../../core/oci/manifest.js"
import { mediaTypes } from "../../core/oci/media-types.js"
import type { Reference } from "../../core/oci/reference.js"
import type { Answer } from "../http/answer.js"
import { readBody } from "../http/read-body.js"
import type { RegistryHttp } from "../http/registry-http.js"
import { mediaTypeOf } from "./content-type.js"
import { lastPart, nameOf } from "./names.js"

export type ManifestBytes = { readonly bytes: Buffer; readonly mediaType: string; readonly digest: Digest }

/** Every kind of manifest; registries convert or refuse what is not asked for. */
export const acceptManifests = [
  mediaTypes.ociIndex,
  mediaTypes.ociManifest,
  mediaTypes.dockerManifestList,
  mediaTypes.dockerManifest,
  mediaTypes.ociArtifactManifest,
  "*/*;q=0.1",
].join(", ")

/** GET of a manifest; throws `DIGEST_MISMATCH` when digest, header and bytes do not agree. */
export function getManifest(http: RegistryHttp, reference: Reference): Promise<ManifestBytes> {
  const name = nameOf(reference)
  const action = `read the manifest of ${name}`
  return http.exchange({ action, ...ask(reference), method: "GET" }, async (answer) => {
    const bytes = await readBody(answer, MAX_MANIFEST_BYTES, action)
    const told = toldDigest(answer)
    for (const digest of [reference.digest, told])
      if (digest !== undefined && !matchesDigest(bytes, digest)) throw mismatch(name, digest, digestOf(bytes))
    const mediaType = mediaTypeOf(answer.header("content-type"))
    return { bytes, mediaType, digest: reference.digest ?? told ?? digestOf(bytes) }
  })
}

/** What a HEAD tells of a manifest; without a digest it tells that there is one. */
export type ManifestHead = { readonly digest?: Digest; readonly mediaType: string; readonly size?: number }

export function headManifest(http: RegistryHttp, reference: Reference): Promise<ManifestHead> {
  const name = nameOf(reference)
  return http.exchange({ action: `resolve ${name}`, ...ask(reference), method: "HEAD" }, (answer) => {
    const told = toldDigest(answer)
    const comparable = told?.split(":")[0] === reference.digest?.split(":")[0]
    if (told !== undefined && reference.digest !== undefined && comparable && told !== reference.digest)
      throw mismatch(name, reference.digest, told)
    const digest = reference.digest ?? told
    // Proxies answer a HEAD with the length of an empty body (yusing/godoxy#169), or of the packed one.
    const length = answer.header("content-encoding") === undefined ? (answer.header("content-length") ?? "") : ""
    return Promise.resolve({
      ...(digest === undefined ? {} : { digest }),
      mediaType: mediaTypeOf(answer.header("content-type")),
      ...(/^[1-9]\d{0,14}$/.test(length) ? { size: Number(length) } : {}),
    })
  })
}

function ask(reference: Reference) {
  const { registry, repository } = reference
  return {
    repository: { registry, repository },
    right: "pull" as const,
    path: `manifests/${lastPart(reference)}`,
    headers: { accept: acceptManifests },
    expect: [200],
  }
}

function toldDigest(answer: Answer): Digest | undefined {
  const text = answer.header("docker-content-digest")
  return text !== undefined && isDigest(text) ? text : undefined
}

function mismatch(name: string, expected: Digest, got: Digest): CsscError {
  return new CsscError(
    "DIGEST_MISMATCH",
    `${name} came with digest ${got}, expected ${expected}: do not use this registry, or the proxy before it, until it is explained`,
  )
}
