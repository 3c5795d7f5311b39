// Golden images judged again where they are.
import type { Directory } from "@dagger.io/dagger"
import { type Earlier, readEarlier } from "../../../core/monitor/earlier.js"
import { monitor } from "../../../core/monitor/monitor.js"
import { renderMonitoring } from "../../../core/monitor/render-monitoring.js"
import { parseRepository, repositoryName } from "../../../core/oci/reference.js"
import { deletionWay } from "../../session/deletion-way.js"
import { sbomType } from "../../session/image-arguments.js"
import { type ResultFields, resultOf } from "../../session/result-files.js"
import { begin } from "../../session/session.js"
import { type TagArguments, tagSelection } from "../../session/tag-selection.js"
import type { State } from "../../state/state.js"

export type MonitorArguments = TagArguments & {
  readonly repository: string
  readonly predicateType: string
  readonly renew: boolean
  readonly earlier?: Directory | undefined
}

export type MonitorFields = ResultFields & { readonly passed: boolean; readonly changed: string[] }

export async function runMonitor(state: State, args: MonitorArguments): Promise<MonitorFields> {
  const { session, repository, predicateType, tags } = await begin(state, {
    repository: () => parseRepository(args.repository),
    predicateType: () => sbomType(args.predicateType),
    tags: () => tagSelection(args),
  })
  const [vex, way, earlier] = await Promise.all([
    session.vexFiles(),
    deletionWay(session.settings, repository),
    args.earlier === undefined ? undefined : earlierOf(args.earlier, repositoryName(repository)),
  ])
  const request = { repository, tags, predicateType, vex, renew: args.renew, deletionWay: way }
  const result = await monitor(session.operation, { ...request, ...(earlier === undefined ? {} : { earlier }) })
  const changed = result.images.filter(({ state: one }) => one !== "unchanged").flatMap((image) => image.tags)
  const fields = resultOf(result, renderMonitoring(result), session)
  return { ...fields, passed: result.failures.length === 0, changed }
}

// The first day there is none: an empty directory is no earlier result.
async function earlierOf(results: Directory, repository: string): Promise<Earlier | undefined> {
  const names = await results.entries()
  return names.includes("result.json")
    ? readEarlier(await results.file("result.json").contents(), repository)
    : undefined
}
