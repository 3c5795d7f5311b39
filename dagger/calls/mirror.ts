// The operations of a registry alone: mirror, inspect, tags, attach, delete, history.
import { CsscError } from "../../core/errors.js"
import { type History } from "../../core/evidence/history-schema.js"
import { parseReference, parseRepository, parseTag, type Reference, repositoryName } from "../../core/oci/reference.js"
import { type TagSelection, selectTags } from "../../core/oci/tags.js"
import { attach, type AttachResult } from "../../core/attach/attach.js"
import { deleteImage } from "../../core/delete/delete-image.js"
import type { DeletionResult } from "../../core/delete/deletion.js"
import { readHistory } from "../../core/acquire/history.js"
import { type ImageReport, inspect } from "../../core/image/inspect.js"
import { checkMirrorRequest, mirror } from "../../core/acquire/mirror.js"
import type { MirrorRequest, MirrorResult } from "../../core/acquire/mirror-result.js"
import { deletionWay } from "./deletion-way.js"
import { requireName, Session } from "./session.js"
import type { State } from "../state/state.js"

export type MirrorArguments = Omit<MirrorRequest, "source" | "target" | "sourceAuthenticated"> & {
  readonly source: string
  readonly target: string
}

export async function runMirror(state: State, { source, target, ...rest }: MirrorArguments): Promise<MirrorResult> {
  const from = requireName(parseReference(source))
  const session = await Session.open(state)
  const request = {
    ...rest,
    source: from,
    target: targetOf(target, from),
    sourceAuthenticated: await session.authenticated(from),
  }
  checkMirrorRequest(request)
  return mirror({ registry: session.registry, ...session.caller }, request)
}

/** A target without a tag takes the source's. */
export function targetOf(target: string, source: Reference): Reference {
  const parsed = parseReference(target)
  if (parsed.digest !== undefined)
    throw new CsscError(
      "REFERENCE_INVALID",
      `"${target}" names a digest, but a target is a repository, or a repository with a tag`,
    )
  if (parsed.tag !== undefined || source.tag === undefined) return parsed
  return { ...parsed, tag: source.tag }
}

export async function runInspect(state: State, image: string): Promise<ImageReport> {
  const session = await Session.open(state)
  return inspect(session.registry, await session.pin(image))
}

export async function runTags(
  state: State,
  repository: string,
  selection: TagSelection,
  requireTags: boolean,
): Promise<string[]> {
  const session = await Session.open(state)
  const parsed = parseRepository(repository)
  const listed = await session.registry.tags(parsed)
  const tags = listed === undefined ? [] : [...selectTags(listed, selection)]
  if (tags.length > 0) return tags
  const why =
    listed === undefined
      ? "the repository does not exist, or may not be seen without credentials"
      : `none of its ${listed.length} tags is an image tag that was asked for`
  if (requireTags) throw new CsscError("REGISTRY_NOT_FOUND", `${repositoryName(parsed)} has no tags to work on: ${why}`)
  console.error(`cssc: ${repositoryName(parsed)}: no tags: ${why}`)
  return []
}

export async function runAttach(
  state: State,
  image: string,
  statement: string,
  platforms: boolean,
): Promise<AttachResult> {
  const session = await Session.open(state)
  const { registry, caller } = session
  return attach({ registry, ...caller }, { image: await session.pin(image), statement, platforms })
}

export async function runDelete(
  state: State,
  image: string,
  referrers: boolean,
  dryRun: boolean,
): Promise<DeletionResult> {
  const session = await Session.open(state)
  const reference = requireName(parseReference(image))
  if (reference.tag !== undefined) parseTag(reference.tag)
  const way = await deletionWay(session.settings, reference)
  return deleteImage(session, { image: reference, referrers, dryRun, deletionWay: way })
}

export async function runHistory(state: State, repository: string): Promise<History> {
  return readHistory((await Session.open(state)).registry, parseRepository(repository))
}
