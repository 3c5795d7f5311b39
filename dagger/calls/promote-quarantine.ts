// Every tag of a quarantine, gated and promoted: the daily job.
import type { Container } from "@dagger.io/dagger"
import { CsscError } from "../../core/errors.js"
import { parseRepository } from "../../core/oci/reference.js"
import { promoteQuarantine } from "../../core/promote/promote-quarantine.js"
import { isPassing } from "../../core/promote/promotion-result.js"
import type { QuarantineRequest, TagRun } from "../../core/promote/quarantine-run.js"
import { type RunResult, runResult } from "../../core/promote/run-result.js"
import { scratchDirectory } from "../containers/scratch.js"
import { deletionWay } from "../session/deletion-way.js"
import { givenToolbox } from "../session/gate-results.js"
import { sbomType } from "../session/image-arguments.js"
import { requestFiles, type ResultFields, toJson } from "../session/result-files.js"
import { runFiles } from "../session/run-files.js"
import { begin, type Session } from "../session/session.js"
import { type TagArguments, tagSelection } from "../session/tag-selection.js"
import { tell } from "../session/tell.js"
import type { State } from "../state/state.js"

export type QuarantineArguments = TagArguments &
  Pick<QuarantineRequest, "method" | "predicateType" | "deleteSource" | "dryRun"> & {
    readonly source: string
    readonly target: string
    readonly requireTags: boolean
    /** A repository that the registry does not know is an empty one. */
    readonly allowMissing: boolean
  }

export async function runQuarantine(
  state: State,
  args: QuarantineArguments,
): Promise<ResultFields & { readonly passed: boolean; readonly containers: Container[] }> {
  const { session, result, runs } = await promoteAll(state, args)
  const files = await runFiles(args.source.trim(), runs, result)
  return {
    ...tell(result.page, session.look),
    json: toJson(result.document),
    results: scratchDirectory({ ...files, ...requestFiles(session.registry) }),
    passed: runs.every((run) => "promotion" in run && isPassing(run.promotion.outcome)),
    containers: givenToolbox(state),
  }
}

/** The run itself: the demo goes on from its outcomes. */
export async function promoteAll(
  state: State,
  args: QuarantineArguments,
): Promise<{ readonly session: Session; readonly result: RunResult; readonly runs: readonly TagRun[] }> {
  const { session, source, target, predicateType, selection } = await begin(state, {
    source: () => parseRepository(args.source),
    target: () => parseRepository(args.target),
    predicateType: () => sbomType(args.predicateType),
    selection: () => tagSelection(args),
  })
  const { method, deleteSource, dryRun } = args
  const [vex, way, targetWay] = await Promise.all([
    session.vexFiles(),
    deletionWay(session.settings, source),
    deletionWay(session.settings, target),
  ])
  const request = {
    source,
    target,
    method,
    predicateType,
    tags: selection,
    deleteSource,
    dryRun,
    vex,
    deletionWay: way,
    targetDeletionWay: targetWay,
  }
  const { tags: runs, emptyReason, missing = false } = await promoteQuarantine(session.operation, request)
  if (emptyReason !== undefined && (args.requireTags || (missing && !args.allowMissing)))
    throw new CsscError("REGISTRY_NOT_FOUND", emptyReason)
  return { session, result: runResult(args, runs, emptyReason), runs }
}
