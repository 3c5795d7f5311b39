// What a regsync.yml says that has no counterpart here, and what to do instead. docs/fleets.md has the same table.
import { MAX_CONCURRENCY } from "../../ports.js"
import type { ImportNote } from "./imported.js"

type Keys = Readonly<Record<string, unknown>>

const cron = "when to run is said by the CI's schedule"
const busy = "busy registries are waited for, within their Retry-After"

/** By key: of defaults and of an entry of sync. */
export const syncNotes: Readonly<Record<string, string>> = {
  interval: cron,
  schedule: cron,
  ratelimit: busy,
  parallel: "images run side by side; limit a registry by registries[].concurrency",
  backup: "a tag that moves is not kept under another name; the mirror history knows its digests",
  hooks: "no commands are run; steps of the CI job come before and after",
  mediaTypes: "every media type is mirrored",
  referrerFilters: "all referrers come, so that the copy can be compared with its source",
  referrerSource: "referrers are read where the image is",
  referrerTarget: "referrers are written where the image is",
  referrerSlow: "the referrers API and the tag schema are both read",
  forceRecursive: "mirror --force looks at every blob of one image",
  includeExternal: "layers of other hosts are not fetched from there",
  blobLimit: "the limits of sizes are the module's own",
  cacheCount: "what has a digest is fetched once in a run",
  cacheTime: "what has a digest is fetched once in a run",
  skipDockerConfig: "logins are passed by --docker-config or with-registry-auth, and by nothing else",
  userAgent: "the module names itself",
  repos: "write one mirror for each repository",
  cleanupTags: "a mirror deletes nothing; see delete and retire",
  cleanupTagsExclude: "a mirror deletes nothing; see delete and retire",
}

const secret = "a login never stands in the file: pass it by with-registry-auth or --docker-config"
const credsTable: Readonly<Record<string, string>> = {
  user: secret,
  pass: secret,
  token: secret,
  credHelper: "a helper does not exist in a container: pass the login by with-registry-auth",
  credExpire: "a login is passed for one call",
  credHost: "pass the login for the registry's own name",
  tls: "plain HTTP is for services bound by with-registry-service alone; a private CA comes by with-certificate",
  regcert: "pass it by with-certificate",
  clientCert: "client certificates are not supported",
  clientKey: "client certificates are not supported",
  hostname: "name the registry as clients dial it",
  pathPrefix: "write it in the names of repositories",
  mirrors: "name the mirror itself as the source",
  priority: "name the mirror itself as the source",
  repoAuth: "tokens are asked for each repository in any case",
  blobChunk: "how blobs are uploaded is oras's",
  blobMax: "how blobs are uploaded is oras's",
  apiOpts: "there is no counterpart",
  scheme: "plain HTTP is for services bound by with-registry-service alone",
}

const known: ReadonlySet<string> = new Set([
  ...["registry", "reqPerSec", "reqConcurrent"],
  ...["source", "target", "type", "tags", "tagSets", "platform", "platforms", "digestTags", "referrers", "fastCheck"],
])

export function credsNotes(creds: Keys, path: string): readonly ImportNote[] {
  const places = creds["reqConcurrent"]
  const many =
    typeof places === "number" && places > MAX_CONCURRENCY
      ? [{ path: `${path}.reqConcurrent`, note: `at most ${MAX_CONCURRENCY} here` }]
      : []
  return [...many, ...notesOf(creds, path, credsTable)]
}

export function defaultNotes(defaults: Keys): readonly ImportNote[] {
  return notesOf(defaults, "defaults", syncNotes)
}

export function entryNotes(sync: Keys, path: string): readonly ImportNote[] {
  const platforms =
    "platform" in sync || "platforms" in sync
      ? [{ path: `${path}.platforms`, note: "another image with another digest: new-digest says that it is meant" }]
      : []
  return [...platforms, ...notesOf(sync, path, syncNotes)]
}

function notesOf(keys: Keys, path: string, table: Readonly<Record<string, string>>): readonly ImportNote[] {
  return Object.keys(keys)
    .filter((key) => !known.has(key))
    .map((key) => {
      const note = Object.hasOwn(table, key) ? table[key] : "no key that is known here: it was left out"
      return { path: `${path}.${key.slice(0, 80)}`, note: note ?? "" }
    })
}
