// Retirement as the module's object needs it. An archive that is only in the engine is no archive yet: the image is
// deleted by a second call, which gets the archive back from wherever its caller keeps it.
import { dag, type Directory } from "@dagger.io/dagger"
import { CsscError } from "../../core/errors.js"
import { parseReference } from "../../core/oci/reference.js"
import { renderRetirement } from "../../core/retire/render-retirement.js"
import { retire } from "../../core/retire/retire.js"
import { DaggerArchiver, givenArchive } from "../containers/archiver.js"
import { deletionWay } from "./deletion-way.js"
import { toJson } from "./report-files.js"
import { requireName, Session } from "./session.js"
import type { State } from "../state/state.js"

export type RetireArguments = {
  readonly image: string
  readonly reason: string
  readonly successor: string
  readonly deleteImage: boolean
  readonly archive: Directory | undefined
  readonly dryRun: boolean
}

export type RetirementState = { document: string; markdown: string; layout: Directory }

export async function runRetire(state: State, args: RetireArguments): Promise<RetirementState> {
  if (args.deleteImage && args.archive === undefined && !args.dryRun)
    throw new CsscError(
      "ARGUMENT_INVALID",
      "deleteImage needs the archive: retire once without it, export the archive to a safe place, and pass it here",
    )
  const session = await Session.open(state)
  const image = requireName(parseReference(args.image))
  const { toolbox } = session.settings
  const archiver =
    args.archive === undefined
      ? new DaggerArchiver(toolbox, session.tools, session.registry, session.retryPolicy())
      : givenArchive(toolbox, args.archive)
  const request = {
    image,
    reason: args.reason,
    delete: args.deleteImage,
    dryRun: args.dryRun,
    ...(args.successor === "" ? {} : { successor: requireName(parseReference(args.successor)) }),
  }
  const ports = { registry: session.registry, archiver, progress: (line: string) => console.error(`cssc: ${line}`) }
  const way = await deletionWay(session.settings, image)
  const { result, archive = dag.directory() } = await retire(ports, request, way, session.context)
  return { document: toJson(result), markdown: renderRetirement(result), layout: archive }
}
