// Listings that come in pages: https://www.rfc-editor.org/rfc/rfc8288
import { CsscError } from "../../core/errors.js"
import { findNextLink } from "../../rest/page-link.js"
import { isNotFound } from "../failure/registry-error.js"
import type { Answer } from "../http/answer.js"
import { readBody } from "../http/read-body.js"
import type { RegistryHttp } from "../http/registry-http.js"
import type { RegistryRequest } from "../http/registry-request.js"
import { resolveOnSameRegistry } from "../http/same-registry.js"

/** Pages and bytes of one listing that are read. */
export const MAX_PAGES = 2000
export const MAX_LISTING_BYTES = 64 * 1024 * 1024

/** Every page in turn; throws `LIMIT_EXCEEDED` rather than to end early. */
export async function readPages<Entry>(
  http: RegistryHttp,
  first: RegistryRequest,
  parse: (bytes: Buffer, answer: Answer) => readonly Entry[],
  maxEntries: number,
): Promise<Entry[]> {
  const { action } = first
  const entries: Entry[] = []
  const seen = new Set<string>()
  let left = MAX_LISTING_BYTES
  for (let request = first; ;) {
    const isFirst = request === first
    const page = http.exchange(request, async (answer) => {
      const bytes = await readBody(answer, left, action)
      left -= bytes.length
      entries.push(...parse(bytes, answer))
      const link = findNextLink(answer.header("link"))
      return link === undefined ? undefined : resolveOnSameRegistry(answer.sent.url, link, action)
    })
    const next = await (isFirst ? page : page.catch(lostPage))
    if (entries.length > maxEntries) throw tooLong(action, `${maxEntries} entries`)
    if (next === undefined) return entries
    if (seen.has(next.href))
      throw new CsscError("REGISTRY_REFUSED", `${action} failed: the registry's pages lead in a circle`)
    seen.add(next.href)
    if (seen.size >= MAX_PAGES) throw tooLong(action, `${MAX_PAGES} pages`)
    request = { ...request, path: next }
  }
}

// Only the first page may say that there is nothing: what ends in the middle is not known.
function lostPage(error: unknown): never {
  if (!isNotFound(error)) throw error
  throw new CsscError("REGISTRY_REFUSED", `${error.reason}: a page that the registry led to`, { cause: error })
}

function tooLong(action: string, limit: string): CsscError {
  return new CsscError("LIMIT_EXCEEDED", `${action} failed: the registry lists more than ${limit}`)
}
