// Results as CloudEvents.
import type { Directory, File, Secret } from "@dagger.io/dagger"
import { CsscError } from "../../../core/errors.js"
import { eventsOf } from "../../../core/events/events-of.js"
import { postEvents } from "../../../forge/notify/post-events.js"
import { readResults } from "../../session/read-results.js"
import { textFile } from "../../state/settings.js"

export type EventsArguments = {
  readonly results: Directory
  readonly sink: string
  readonly token: Secret | undefined
}

export async function runEvents({ results, sink, token }: EventsArguments): Promise<File> {
  if (sink === "" && token !== undefined)
    throw new CsscError("ARGUMENT_INVALID", "token is for the sink: give that too")
  const events = eventsOf(await readResults(results))
  const bearer = (await token?.plaintext())?.trim()
  if (sink !== "") await postEvents(events, { url: sink, ...(bearer === undefined ? {} : { token: bearer }) })
  return textFile("events.json", `${JSON.stringify(events, undefined, 2)}\n`)
}
