// Sends images of build-image.ts to a registry by plain requests: tests also need what real clients refuse to push.
// https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#push
import { type TestImage } from "./build-image.js"
import { manifestOf, type TestBlob, type TestManifest, testMediaTypes } from "./build-manifest.js"

/** `http://127.0.0.1:5000`, or with the value of an Authorization header. */
export type PushRegistry = string | { readonly url: string; readonly authorization?: string }

/** Pushes blobs, platforms, referrers, and last the root under its tag; returns the root's digest. */
export async function pushImage(at: PushRegistry, repository: string, tag: string, image: TestImage): Promise<string> {
  for (const { manifest } of image.platforms) await pushManifest(at, repository, manifest)
  for (const referrer of image.referrers) await attachReferrer(at, repository, referrer)
  return pushManifest(at, repository, image.root, tag)
}

/** Pushes a referrer, and lists it under the referrers tag where the registry does not say that it did. */
export async function attachReferrer(at: PushRegistry, repository: string, referrer: TestManifest): Promise<string> {
  const answer = await put(at, repository, referrer, referrer.descriptor.digest)
  const { digest } = referrer.descriptor
  if (!referrer.subject || answer.headers.get("oci-subject")) return digest
  const tag = referrer.subject.digest.replace(":", "-")
  const found = await send(at, "GET", `/v2/${repository}/manifests/${tag}`, { accept: testMediaTypes.index })
  const listed = found.ok ? ((await found.json()) as { manifests: { digest: string }[] }).manifests : []
  const { artifactType, config, annotations } = JSON.parse(referrer.bytes.toString())
  const entry = { ...referrer.descriptor, artifactType: artifactType ?? config?.mediaType, annotations }
  const manifests = [...listed.filter((other) => other.digest !== digest), entry]
  await put(
    at,
    repository,
    manifestOf(testMediaTypes.index, { schemaVersion: 2, mediaType: testMediaTypes.index, manifests }),
    tag,
  )
  return digest
}

/** Pushes a manifest and its blobs, under a tag or by digest. */
export async function pushManifest(
  at: PushRegistry,
  repository: string,
  manifest: TestManifest,
  tag?: string,
): Promise<string> {
  await put(at, repository, manifest, tag ?? manifest.descriptor.digest)
  return manifest.descriptor.digest
}

export async function pushBlob(at: PushRegistry, repository: string, blob: TestBlob): Promise<void> {
  const path = `/v2/${repository}/blobs/`
  if ((await send(at, "HEAD", path + blob.descriptor.digest)).ok) return
  const started = await expectOk(await send(at, "POST", `${path}uploads/`))
  const location = new URL(started.headers.get("location") ?? "", urlOf(at))
  location.searchParams.set("digest", blob.descriptor.digest)
  await expectOk(await send(at, "PUT", location.href, { "content-type": "application/octet-stream" }, blob.bytes))
}

async function put(at: PushRegistry, repository: string, manifest: TestManifest, reference: string): Promise<Response> {
  for (const blob of manifest.blobs) await pushBlob(at, repository, blob)
  const headers = { "content-type": manifest.descriptor.mediaType }
  return expectOk(await send(at, "PUT", `/v2/${repository}/manifests/${reference}`, headers, manifest.bytes))
}

/** Any request to the registry, with its authorization. */
export function send(
  at: PushRegistry,
  method: string,
  path: string,
  headers: Readonly<Record<string, string>> = {},
  body?: Buffer,
): Promise<Response> {
  const authorization = typeof at === "string" ? undefined : at.authorization
  const all = { ...headers, ...(authorization && { authorization }) }
  return fetch(new URL(path, urlOf(at)), { method, headers: all, ...(body && { body: new Uint8Array(body) }) })
}

async function expectOk(response: Response): Promise<Response> {
  if (!response.ok) throw new Error(`${response.url}: ${response.status} ${await response.text()}`)
  return response
}

function urlOf(at: PushRegistry): string {
  return typeof at === "string" ? at : at.url
}
