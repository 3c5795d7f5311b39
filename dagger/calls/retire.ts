// An image at the end of its life. An archive that is only in the engine is no archive yet: the image is deleted by a
// second call, which gets the archive back from wherever its caller keeps it.
import { dag, type Directory } from "@dagger.io/dagger"
import { CsscError } from "../../core/errors.js"
import { checkReason } from "../../core/lifecycle/lifecycle-write.js"
import { renderRetirement } from "../../core/retire/render-retirement.js"
import { retire } from "../../core/retire/retire.js"
import { DaggerArchiver, givenArchive } from "../containers/archiver.js"
import { deletionWay } from "../session/deletion-way.js"
import { namedReference } from "../session/image-arguments.js"
import { resultOf } from "../session/result-files.js"
import { begin, type Session } from "../session/session.js"
import type { State } from "../state/state.js"

export type RetireArguments = {
  readonly image: string
  readonly reason: string
  readonly successor: string
  readonly deleteImage: boolean
  readonly archive: Directory | undefined
  readonly dryRun: boolean
}

export async function runRetire(state: State, args: RetireArguments) {
  const { session, image, successor, reason } = await begin(state, {
    image: () => namedReference(args.image),
    successor: () => (args.successor === "" ? undefined : namedReference(args.successor)),
    reason: () => checkReason(args.reason),
    archive: () => requireArchive(args),
  })
  const request = {
    image,
    reason,
    delete: args.deleteImage,
    deletionWay: await deletionWay(session.settings, image),
    dryRun: args.dryRun,
    ...(successor === undefined ? {} : { successor }),
  }
  const operation = { ...session.operation, archiver: archiverOf(session, args.archive) }
  const { result, archive = dag.directory() } = await retire(operation, request)
  return { ...resultOf(result, renderRetirement(result), session), archive }
}

function requireArchive({ deleteImage, archive, dryRun }: RetireArguments): void {
  if (!deleteImage || archive !== undefined || dryRun) return
  throw new CsscError(
    "ARGUMENT_INVALID",
    "deleteImage needs the archive: retire once without it, export the archive to a safe place, and pass it here",
  )
}

function archiverOf(session: Session, archive: Directory | undefined) {
  const { toolbox } = session.settings
  if (archive !== undefined) return givenArchive(toolbox, archive)
  return new DaggerArchiver(toolbox, session.tools, session.registry, session.retryPolicy())
}
