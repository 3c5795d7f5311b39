// CloudEvents over HTTP, in batches. https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md#33-batched-content-mode
import { CsscError } from "../../core/errors.js"
import type { CloudEvent } from "../../core/events/cloud-event.js"
import { httpClient, type HttpOptions } from "../../rest/http.js"

export type Sink = Pick<HttpOptions, "retry"> & { readonly url: string; readonly token?: string }

const maxBatch = 100
const contentType = "application/cloudevents-batch+json; charset=utf-8"

/** Posts all of them, a hundred at a time; throws `DELIVERY_FAILED` with how many were taken. */
export async function postEvents(events: readonly CloudEvent[], { url: text, token, ...http }: Sink): Promise<void> {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || url.username !== "" || url.password !== "")
    throw new CsscError("ARGUMENT_INVALID", "the sink is not a URL without user and password")
  const headers = { accept: "*/*", "content-type": contentType }
  const secrets = [...url.searchParams.values()]
  const client = httpClient({ ...http, baseUrl: url.origin, token: () => token, secrets, headers })
  for (let start = 0; start < events.length; start += maxBatch)
    try {
      await client.request("POST", url.href, events.slice(start, start + maxBatch))
    } catch (error) {
      if (!(error instanceof CsscError)) throw error
      throw new CsscError("DELIVERY_FAILED", `${start} of ${events.length} events were delivered: ${error.reason}`)
    }
}
