// What a registry tells about itself without anything being written.
// https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md
import { digestOf } from "../../core/oci/digest.js"
import { mediaTypes } from "../../core/oci/media-types.js"
import type { Repository } from "../../core/oci/reference.js"
import type { Capability, ProbeVerdict } from "../../core/ports.js"
import { acceptManifests } from "../client/read-manifest-bytes.js"
import type { RegistryHttp } from "../http/registry-http.js"
import { ask, type Asked, type Question } from "./ask.js"

type Ask = (question: Question) => Promise<Asked>
type Judged = readonly [ProbeVerdict, string]

/** Asked of a digest that is nowhere, where nothing else is known. */
const nowhere = digestOf("cssc probe: nothing has this digest")

export async function readProbes(http: RegistryHttp, repository: Repository): Promise<readonly Capability[]> {
  const put: Ask = (question) => ask(http, repository, question)
  const tags = await listed(put)
  const [tag] = tags.names
  const head =
    tag === undefined
      ? undefined
      : await put({ method: "HEAD", path: `manifests/${tag}`, headers: { accept: acceptManifests } }).catch(
          () => undefined,
        )
  const subject = head?.header("docker-content-digest")
  const judged: readonly (readonly [string, Promise<Judged>])[] = [
    ["tag listing", Promise.resolve(tags.judged)],
    ["tag pages", pages(put, tags.names)],
    ["catalog", catalog(put)],
    ["digest header", Promise.resolve(digestHeader(head))],
    ["referrers API", referrers(put, subject ?? nowhere)],
    ["referrers filter", filter(put, subject ?? nowhere)],
    ["referrers tag", referrersTag(put, subject)],
    ["pull quota", Promise.resolve(quota(head))],
  ]
  return Promise.all(judged.map(async ([name, one]) => capability(name, await named(one))))
}

export function capability(name: string, [verdict, evidence]: Judged): Capability {
  return { name, verdict, evidence }
}

/** A failure is no verdict: whoever is not let in knows nothing. */
export function named(one: Promise<Judged>): Promise<Judged> {
  return one.catch((error: unknown): Judged => ["unknown", error instanceof Error ? error.message : String(error)])
}

async function listed(put: Ask): Promise<{ readonly names: readonly string[]; readonly judged: Judged }> {
  try {
    const answer = await put({ path: "tags/list" })
    const { tags } = parse(answer.body) as { tags?: readonly string[] }
    const names = answer.status === 200 ? (tags ?? []).filter((name) => typeof name === "string") : []
    return { names, judged: [answer.status === 200 ? "yes" : "no", `${answer.told}, ${names.length} tags`] }
  } catch (error) {
    return { names: [], judged: await named(Promise.reject(error)) }
  }
}

async function pages(put: Ask, names: readonly string[]): Promise<Judged> {
  if (names.length < 2) return ["unknown", "needs a repository with two tags"]
  const answer = await put({ path: "tags/list?n=1" })
  const { tags = [] } = parse(answer.body) as { tags?: readonly string[] }
  const link = answer.header("link")
  if (tags.length > 1) return ["no", `${answer.told}, with ${tags.length} tags where 1 was asked for`]
  return link === undefined
    ? ["lies", `${answer.told}, with 1 tag of ${names.length} and no Link to the others`]
    : ["yes", `${answer.told}, with 1 tag and a Link`]
}

async function catalog(put: Ask): Promise<Judged> {
  const answer = await put({ path: "/v2/_catalog?n=1" })
  return [answer.status === 200 ? "yes" : "no", answer.told]
}

function digestHeader(head: Asked | undefined): Judged {
  if (head === undefined || head.status !== 200) return ["unknown", "needs a repository with a tag"]
  const digest = head.header("docker-content-digest")
  return digest === undefined ? ["no", head.told] : ["yes", `${head.told} with Docker-Content-Digest`]
}

async function referrers(put: Ask, subject: string): Promise<Judged> {
  const answer = await put({ path: `referrers/${subject}`, headers: { accept: mediaTypes.ociIndex } })
  const type = answer.header("content-type") ?? "no Content-Type"
  if (answer.status !== 200) return ["no", answer.told]
  return type.startsWith(mediaTypes.ociIndex)
    ? ["yes", answer.told]
    : ["lies", `${answer.told} with ${type.slice(0, 80)}`]
}

// A filter that is told as applied must leave nothing of another type.
async function filter(put: Ask, subject: string): Promise<Judged> {
  const wanted = "application/vnd.cssc.probe.nothing"
  const path = `referrers/${subject}?artifactType=${encodeURIComponent(wanted)}`
  const answer = await put({ path, headers: { accept: mediaTypes.ociIndex } })
  if (answer.status !== 200) return ["no", answer.told]
  const { manifests = [] } = parse(answer.body) as { manifests?: readonly { artifactType?: string }[] }
  const others = manifests.filter(({ artifactType }) => artifactType !== wanted).length
  const said = (answer.header("oci-filters-applied") ?? "").includes("artifactType")
  if (said && others > 0) return ["lies", `${answer.told}, says that it filtered, and lists ${others} of other types`]
  return said ? ["yes", `${answer.told} with OCI-Filters-Applied`] : ["no", `${answer.told}, unfiltered`]
}

// GitLab took the tag for the digest (oras-project/oras-go#1396).
async function referrersTag(put: Ask, subject: string | undefined): Promise<Judged> {
  if (subject === undefined) return ["unknown", "needs a repository with a tag"]
  const answer = await put({ path: `manifests/${subject.replace(":", "-")}`, headers: { accept: acceptManifests } })
  if (answer.status !== 200) return ["no", `${answer.told}: no list is kept`]
  return digestOf(answer.body) === subject
    ? ["lies", `${answer.told} with the image itself`]
    : ["yes", `${answer.told}: a list is kept`]
}

function quota(head: Asked | undefined): Judged {
  const remaining = head?.header("ratelimit-remaining")
  if (head === undefined) return ["unknown", "needs a repository with a tag"]
  if (remaining === undefined) return ["no", `${head.told} without ratelimit-remaining`]
  return ["yes", `${remaining} of ${head.header("ratelimit-limit") ?? "unknown"}`]
}

export function parse(text: string): object {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === "object" && value !== null ? value : {}
  } catch {
    return {} // then nothing is listed, which is told
  }
}
