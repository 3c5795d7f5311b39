// Paths of the distribution specification.

/** `host/repository` of a request, by the paths of the distribution specification; undefined of any other. */
export function repositoryOf(url: string): string | undefined {
  const found = /^https?:\/\/([^/]+)\/v2\/(.+)\/(?:manifests|blobs|referrers|tags)\//.exec(url)
  return found === null ? undefined : `${found[1]}/${found[2]}`
}
