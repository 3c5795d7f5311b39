// What a registry does with what is written: a few tiny artifacts in the repository that was given, deleted again.
import { emptyDescriptor } from "../../core/oci/descriptor.js"
import { digestOf } from "../../core/oci/digest.js"
import { mediaTypes } from "../../core/oci/media-types.js"
import { bare, type Repository } from "../../core/oci/reference.js"
import type { Capability, ProbeVerdict } from "../../core/ports.js"
import { emptyConfig } from "../client/pack-artifact.js"
import { acceptManifests } from "../client/read-manifest-bytes.js"
import { uploadBlob } from "../client/upload-blob.js"
import type { RegistryHttp } from "../http/registry-http.js"
import { ask, type Asked, type Question } from "./ask.js"
import { capability, named, parse } from "./read-probes.js"

export const probeTag = "cssc-probe"
const artifactType = "application/vnd.cssc.probe"
const config = emptyDescriptor

type Written = { readonly capabilities: readonly Capability[]; readonly left: readonly string[] }
type Judged = readonly [ProbeVerdict, string]

/** `stamp` makes the manifests different from those of another probe. */
export async function writeProbes(http: RegistryHttp, repository: Repository, stamp: string): Promise<Written> {
  const at = bare(repository)
  const put = (question: Question) => ask(http, at, { right: "push", ...question })
  const manifest = (digest: string, body: string, mediaType: string) =>
    put({
      method: "PUT",
      path: `manifests/${digest}`,
      body,
      headers: { "content-type": mediaType, accept: acceptManifests },
    })
  await uploadBlob(http, at, emptyConfig, `probe an upload to ${at.registry}/${at.repository}`)
  const image = artifact({ "cssc.probe": stamp })
  const subject = { mediaType: mediaTypes.ociManifest, digest: digestOf(image), size: Buffer.byteLength(image) }
  const attached = artifact({ "cssc.probe": stamp }, subject)
  const index = JSON.stringify({
    ...{ schemaVersion: 2, mediaType: mediaTypes.ociIndex, artifactType, manifests: [], subject },
    annotations: { "cssc.probe": stamp },
  })
  const stored: string[] = []
  const push = async (text: string, mediaType: string): Promise<Asked> => {
    const answer = await manifest(digestOf(text), text, mediaType)
    if (answer.status < 300) stored.push(digestOf(text))
    return answer
  }
  const judge = async (name: string, work: () => Promise<Judged>) => capability(name, await named(work()))
  const taken = (answer: Asked): Judged => [answer.status < 300 ? "yes" : "no", answer.told]
  const capabilities = [
    await judge("artifactType", async () => taken(await push(image, mediaTypes.ociManifest))),
    await judge("subject header", async () => {
      const answer = await push(attached, mediaTypes.ociManifest)
      if (answer.status >= 300) return ["no", answer.told]
      return answer.header("oci-subject") === undefined
        ? ["no", `${answer.told} without OCI-Subject: clients keep the list`]
        : ["yes", `${answer.told} with OCI-Subject`]
    }),
    await judge("index with subject", async () => taken(await push(index, mediaTypes.ociIndex))),
    await judge("listed at once", async () => {
      const answer = await put({ path: `referrers/${subject.digest}`, headers: { accept: mediaTypes.ociIndex } })
      const { manifests = [] } = parse(answer.body) as { manifests?: readonly { digest?: string }[] }
      if (answer.status !== 200) return ["no", answer.told]
      const isThere = manifests.some(({ digest }) => digest === digestOf(attached))
      return isThere ? ["yes", answer.told] : ["lies", `${answer.told} without what was just attached`]
    }),
    await judge("mount", async () => {
      const from = encodeURIComponent(at.repository)
      const answer = await put({ method: "POST", path: `blobs/uploads/?mount=${config.digest}&from=${from}` })
      return [answer.status === 201 ? "yes" : "no", `${answer.told}, within the repository`]
    }),
    await judge("immutable tags", async () => {
      await manifest(probeTag, image, mediaTypes.ociManifest)
      const answer = await manifest(probeTag, attached, mediaTypes.ociManifest)
      return [answer.status < 300 ? "no" : "yes", `${answer.told} to a tag that was there`]
    }),
  ]
  const left: string[] = []
  const deletion = await judge("delete", async () => {
    let last: Asked | undefined
    for (const digest of stored.reverse()) {
      last = await put({ method: "DELETE", path: `manifests/${digest}`, right: "delete" })
      if (last.status >= 300 && last.status !== 404) left.push(digest)
    }
    if (last === undefined) return ["unknown", "nothing was stored"]
    return [left.length === 0 ? "yes" : "no", last.told]
  })
  if (deletion.verdict === "unknown") left.push(...stored)
  const tag = await put({ method: "HEAD", path: `manifests/${probeTag}`, headers: { accept: acceptManifests } }).catch(
    () => undefined,
  )
  if (tag === undefined || tag.status === 200) left.push(`:${probeTag}`)
  return { capabilities: [...capabilities, deletion], left: [...left, `blob ${config.digest}, the empty config`] }
}

function artifact(annotations: Readonly<Record<string, string>>, subject?: object): string {
  return JSON.stringify({
    ...{ schemaVersion: 2, mediaType: mediaTypes.ociManifest, artifactType, config, layers: [config] },
    ...(subject === undefined ? {} : { subject }),
    annotations,
  })
}
