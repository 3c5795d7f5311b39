// regclient's regsync.yml, version 1. https://regclient.org/usage/regsync/
import { z } from "zod"
import { CsscError } from "../../errors.js"
import { formatReference, parseReference, repositoryName } from "../../oci/reference.js"
import { MAX_CONCURRENCY } from "../../ports.js"
import {
  anyOf,
  finishImport,
  type Imported,
  type ImportedMirror,
  type ImportedRegistry,
  type ImportNote,
  readForeign,
} from "./imported.js"
import { credsNotes, defaultNotes, entryNotes } from "./regsync-notes.js"

const maxEntries = 1000
const patterns = z.array(z.string().max(1000)).max(100).default([])
const tagsSchema = z.looseObject({ allow: patterns, deny: patterns, semverRange: patterns })

const optionsSchema = {
  digestTags: z.boolean().optional(),
  referrers: z.boolean().optional(),
  fastCheck: z.boolean().optional(),
}
const syncSchema = z.looseObject({
  source: z.string().max(1000),
  target: z.string().max(1000),
  type: z.string().max(100),
  tags: tagsSchema.optional(),
  tagSets: z.array(tagsSchema).max(100).optional(),
  platform: z.string().max(200).optional(),
  platforms: z.array(z.string().max(200)).max(100).optional(),
  ...optionsSchema,
})
const credsSchema = z.looseObject({
  registry: z.string().max(300),
  reqPerSec: z.number().optional(),
  reqConcurrent: z.number().optional(),
})
const regsyncSchema = z.looseObject({
  version: z.literal(1).optional(),
  creds: z.array(credsSchema).max(maxEntries).default([]),
  defaults: z.looseObject(optionsSchema).default({}),
  sync: z.array(syncSchema).max(maxEntries),
})
type Regsync = z.infer<typeof regsyncSchema>
type Sync = Regsync["sync"][number]

export function importRegsync(text: string, source: string): Imported {
  const file = readForeign(regsyncSchema, text, source)
  const entries = file.sync.map((sync, at) => importSync({ ...optionsOf(file.defaults), ...sync }, `sync[${at}]`))
  const notes = [
    ...file.creds.flatMap((creds, at) => credsNotes(creds, `creds[${at}]`)),
    ...defaultNotes(file.defaults),
    ...entries.flatMap(({ notes: own }) => own),
  ]
  const mirrors = together(entries.flatMap(({ mirror }) => (mirror === undefined ? [] : [mirror])))
  return finishImport("regsync", source, { registries: file.creds.flatMap(registryOf), mirrors, notes })
}

function optionsOf({ digestTags, referrers, fastCheck }: Regsync["defaults"]) {
  return { digestTags, referrers, fastCheck }
}

// Zero is what regsync calls no limit.
function registryOf({ registry, reqPerSec = 0, reqConcurrent = 0 }: Regsync["creds"][number]): ImportedRegistry[] {
  if (reqPerSec <= 0 && reqConcurrent <= 0) return []
  const rate = reqPerSec > 0 ? { "requests-per-second": reqPerSec } : {}
  return [
    {
      name: registry,
      ...rate,
      ...(reqConcurrent > 0 ? { concurrency: Math.min(reqConcurrent, MAX_CONCURRENCY) } : {}),
    },
  ]
}

type ImportedSync = { readonly mirror?: ImportedMirror; readonly notes: readonly ImportNote[] }

function importSync(sync: Sync, path: string): ImportedSync {
  const notes = entryNotes(sync, path)
  const refused = (note: string): ImportedSync => ({ notes: [...notes, { path, note: `left out: ${note}` }] })
  if (/\{\{/.test(sync.source + sync.target)) return refused("a template; write the name itself")
  if (/^ocidir:/.test(sync.source) || /^ocidir:/.test(sync.target)) return refused("an OCI layout is no registry")
  try {
    if (sync.type === "image") return importImage(sync, notes, refused)
    if (sync.type === "repository") return importRepository(sync, path, notes, refused)
  } catch (error) {
    if (error instanceof CsscError) return refused(error.reason)
    throw error
  }
  return refused(`type ${sync.type}; write one mirror for each repository`)
}

type Refused = (note: string) => ImportedSync

function importImage(sync: Sync, notes: readonly ImportNote[], refused: Refused): ImportedSync {
  const [source, target] = [parseReference(sync.source), parseReference(sync.target)]
  if (source.digest !== undefined) return refused("a digest; mirror --source takes one")
  const [from, to] = [source.tag ?? "latest", target.tag ?? "latest"]
  if (from !== to) return refused(`the tag ${from} becomes ${to}; tags keep their names here`)
  const ends = { source: repositoryName(source), target: repositoryName(target) }
  return { mirror: { ...ends, tags: { glob: [from] }, ...optionsFor(sync) }, notes }
}

function importRepository(sync: Sync, path: string, notes: readonly ImportNote[], refused: Refused): ImportedSync {
  const sets = [...(sync.tagSets ?? []), ...(sync.tags === undefined ? [] : [sync.tags])]
  if (sets.length > 1) return refused("several sets of tags; write them as one regex")
  const [set] = sets
  const tags =
    set === undefined
      ? {}
      : {
          ...(set.allow.length > 0 ? { regex: anyOf(set.allow) } : {}),
          ...(set.deny.length > 0 ? { "exclude-regex": anyOf(set.deny) } : {}),
          ...(set.semverRange.length > 0 ? { semver: set.semverRange.join(" || ").replaceAll(",", " ") } : {}),
        }
  const isRange = "semver" in tags
  const more = isRange
    ? [{ path: `${path}.tags.semverRange`, note: "read as npm reads ranges; plan shows which tags are meant" }]
    : []
  const [source, target] = [parseReference(sync.source), parseReference(sync.target)].map(formatReference)
  const chosen = Object.keys(tags).length === 0 ? {} : { tags }
  return {
    mirror: { source: source ?? "", target: target ?? "", ...chosen, ...optionsFor(sync) },
    notes: [...notes, ...more],
  }
}

function optionsFor({ digestTags, referrers, fastCheck, platform, platforms = [] }: Sync) {
  const wanted = [...new Set([...(platform === undefined ? [] : [platform]), ...platforms])]
  const isAsked = digestTags === true || referrers === true
  const mode = isAsked ? (fastCheck === true ? ("with-image" as const) : ("always" as const)) : ("never" as const)
  return { referrers: mode, ...(wanted.length === 0 ? {} : { platforms: wanted, "new-digest": true as const }) }
}

// Images of one repository are one mirror here, of several tags.
function together(mirrors: readonly ImportedMirror[]): readonly ImportedMirror[] {
  const merged = new Map<string, ImportedMirror>()
  for (const mirror of mirrors) {
    const { tags = {}, ...rest } = mirror
    const isNamed = tags.glob !== undefined
    const key = JSON.stringify(isNamed ? rest : [rest, merged.size])
    const before = merged.get(key)?.tags?.glob ?? []
    merged.set(key, isNamed ? { ...mirror, tags: { glob: [...new Set([...before, ...(tags.glob ?? [])])] } } : mirror)
  }
  return [...merged.values()]
}
