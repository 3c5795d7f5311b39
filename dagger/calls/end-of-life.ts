// An end of life in the future, as the module's object needs it.
import { formatReference, parseReference } from "../../core/oci/reference.js"
import { type LifecycleResult, writeLifecycle } from "../../core/lifecycle/lifecycle-write.js"
import { requireName, Session } from "./session.js"
import type { State } from "../state/state.js"

export type EndOfLifeArguments = {
  readonly image: string
  readonly date: string
  readonly reason: string
  readonly successor: string
  readonly platforms: boolean
}

export async function runEndOfLife(state: State, args: EndOfLifeArguments): Promise<LifecycleResult> {
  const session = await Session.open(state)
  const { reason, successor } = args
  const end = {
    endOfLife: args.date,
    ...(reason === "" ? {} : { reason }),
    ...(successor === "" ? {} : { successor: formatReference(requireName(parseReference(successor))) }),
  }
  return writeLifecycle(session, { image: await session.pin(args.image), end, platforms: args.platforms })
}
