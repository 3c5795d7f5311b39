// An image from its publisher into the quarantine.
import { checkMirrorRequest, mirror } from "../../core/acquire/mirror.js"
import { type MirrorResult, referrersNote } from "../../core/acquire/mirror-result.js"
import { renderMirror } from "../../core/acquire/render-mirror.js"
import { type MirrorArguments } from "../session/image-arguments.js"
import { namedReference, platformNames, targetOf, targetReference } from "../session/image-arguments.js"
import { resultOf } from "../session/result-files.js"
import { begin, type Session } from "../session/session.js"
import type { State } from "../state/state.js"
import { isMany, type MirrorManyArguments, runMirrorMany } from "./fleet/mirror-many.js"

/** One image, or all tags of a repository that were chosen. */
export async function runMirror(state: State, args: MirrorManyArguments) {
  if (isMany(args)) return runMirrorMany(state, args)
  const { result, session } = await acquire(state, args)
  return {
    ...resultOf(result, renderMirror(result), session),
    copied: result.copied,
    passed: true,
    digest: result.digest,
    previousDigest: result.previousDigest ?? "",
    referrersNote: referrersNote(result),
  }
}

/** The mirror itself: the demo tells more of it than its summary. */
export async function acquire(
  state: State,
  args: MirrorArguments,
): Promise<{ readonly result: MirrorResult; readonly session: Session }> {
  const { session, source, target, platforms } = await begin(state, {
    source: () => namedReference(args.source),
    target: () => targetReference(args.target),
    platforms: () => platformNames(args.platforms),
  })
  const sourceAuthenticated = await session.authenticated(source)
  const request = { ...args, source, target: targetOf(target, source), platforms, sourceAuthenticated }
  checkMirrorRequest(request)
  return { session, result: await mirror(session.operation, request) }
}
