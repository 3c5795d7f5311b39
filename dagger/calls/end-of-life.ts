// An end of life in the future, announced on the image.
import { checkEnd, writeLifecycle } from "../../core/lifecycle/lifecycle-write.js"
import { renderLifecycle } from "../../core/lifecycle/render-lifecycle.js"
import { formatReference } from "../../core/oci/reference.js"
import { namedReference } from "../session/image-arguments.js"
import { type ResultFields, resultOf } from "../session/result-files.js"
import { begin } from "../session/session.js"
import type { State } from "../state/state.js"

export type EndOfLifeArguments = {
  readonly image: string
  readonly date: string
  readonly reason: string
  readonly successor: string
  readonly platforms: boolean
}

export async function runEndOfLife(state: State, args: EndOfLifeArguments): Promise<ResultFields> {
  const { date: endOfLife, reason, platforms } = args
  const dated = { endOfLife, ...(reason === "" ? {} : { reason }) }
  const { session, reference, successor } = await begin(state, {
    reference: () => namedReference(args.image),
    successor: () => (args.successor === "" ? undefined : namedReference(args.successor)),
    end: () => checkEnd(dated),
  })
  const end = { ...dated, ...(successor === undefined ? {} : { successor: formatReference(successor) }) }
  const result = await writeLifecycle(session.operation, { image: await session.pin(reference), end, platforms })
  return resultOf(result, renderLifecycle(result), session)
}
