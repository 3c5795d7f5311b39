// Results as CloudEvents.
import type { Directory, File, Secret } from "@dagger.io/dagger"
import { CsscError } from "../../../core/errors.js"
import { eventsOf, failedOutcomes } from "../../../core/events/events-of.js"
import { postEvents } from "../../../forge/notify/post-events.js"
import { readResults } from "../../session/read-results.js"
import { textFile } from "../../state/settings.js"
import { readConfig, type State } from "../../state/state.js"

export type EventsArguments = {
  readonly results: Directory | undefined
  /** Images of calls that ended without results. */
  readonly failed: readonly string[]
  readonly sink: string
  readonly token: Secret | undefined
}

export async function runEvents(state: State, { results, failed, sink, token }: EventsArguments): Promise<File> {
  if (results === undefined && failed.length === 0)
    throw new CsscError("ARGUMENT_INVALID", "there is nothing to tell: give results, or failed")
  if (sink === "" && token !== undefined)
    throw new CsscError("ARGUMENT_INVALID", "token is for the sink: give that too")
  const told = results === undefined ? [] : (await readResults(results)).images
  const events = eventsOf({ name: "", images: [...told, ...failedOutcomes(failed, readConfig(state).run.url)] })
  const bearer = (await token?.plaintext())?.trim()
  if (sink !== "") await postEvents(events, { url: sink, ...(bearer === undefined ? {} : { token: bearer }) })
  return textFile("events.json", `${JSON.stringify(events, undefined, 2)}\n`)
}
