// The `Link` header of a paged answer: https://www.rfc-editor.org/rfc/rfc8288#section-3. What is not found here hides all
// pages that follow, so it is read more leniently than it is defined.

/** A link and its parameters; registries have left the brackets out (heroku/docker-registry-client#11). */
const links = /<([^<>]*)>([^<]*)/g
/** A comma separates them behind parameters, and before a space: a URL may have others. Sticky, so that it takes linear time. */
const bareLinks = /\s*([^\s;<>]+?)(?:,(?=\s)|\s*$|\s*(;(?:"[^"]*"|'[^']*'|[^,])*)(?:,|$))/gy
/** One relation, or several in quotes. */
const relations = /;\s*rel\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s;,"']+))/gi

/** The URL of the next page, as the server wrote it: whether it may be followed is the client's decision. */
export function findNextLink(header: string | undefined): string | undefined {
  const text = header ?? ""
  for (const [, url, parameters = ""] of text.matchAll(text.includes("<") ? links : bareLinks))
    if (isNext(parameters)) return url
  return undefined
}

function isNext(parameters: string): boolean {
  return [...parameters.matchAll(relations)]
    .flatMap(([, ...values]) => values.map((value: string | undefined) => value?.toLowerCase().split(/\s+/) ?? []))
    .some((names) => names.includes("next"))
}
