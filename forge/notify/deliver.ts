// One message to one address that is a secret itself: whoever knows it may write there. No message shows any part of it.
import { CsscError } from "../../core/errors.js"
import { httpClient } from "../../rest/http.js"
import type { RetryOptions } from "../../rest/retry-answer.js"

export type Delivery = {
  readonly name: string
  readonly url: string
  readonly body: unknown
  readonly headers?: Readonly<Record<string, string>>
  /** Also not to be shown. */
  readonly secrets?: readonly string[]
  readonly retry?: RetryOptions
}

/** Shorter parts of a path are words such as "services". */
const minPart = 6

/** Posts, and tries again as the receiver asks; throws `DELIVERY_FAILED`. */
export async function deliver({ name, url: text, body, headers, secrets = [], retry = {} }: Delivery): Promise<void> {
  const url = readAddress(name, text)
  const hidden = [...secretsOf(url), ...secrets]
  try {
    const accept = { accept: "*/*", ...headers }
    const client = httpClient({ baseUrl: url.origin, secrets: hidden, headers: accept, retry })
    await client.request("POST", url.href, body)
  } catch (error) {
    if (!(error instanceof CsscError)) throw error
    throw new CsscError("DELIVERY_FAILED", `${name}: ${error.reason}`)
  }
}

function readAddress(name: string, text: string): URL {
  const url = URL.canParse(text.trim()) ? new URL(text.trim()) : undefined
  if (url === undefined || url.username !== "" || url.password !== "")
    throw new CsscError("ARGUMENT_INVALID", `the address of ${name} is not a URL without user and password`)
  url.hash = ""
  return url
}

function secretsOf({ href, host, hostname, pathname, search, searchParams }: URL): readonly string[] {
  const parts = pathname.split("/").filter((part) => part.length >= minPart)
  return [href, `${host}${pathname}`, pathname, search, host, hostname, ...parts, ...searchParams.values()].filter(
    (part) => part !== "/" && part !== "",
  )
}
