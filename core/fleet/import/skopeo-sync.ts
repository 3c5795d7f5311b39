// The YAML of `skopeo sync --src yaml`. Where to is an argument there, and here too.
// https://github.com/containers/skopeo/blob/v1.20.0/docs/skopeo-sync.1.md
import { z } from "zod"
import { CsscError } from "../../errors.js"
import { isDigest } from "../../oci/digest.js"
import { parseRepository, repositoryName } from "../../oci/reference.js"
import {
  finishImport,
  type Imported,
  type ImportedMirror,
  type ImportedTags,
  type ImportNote,
  readForeign,
} from "./imported.js"

const short = z.string().max(1000)
const registrySchema = z.looseObject({
  images: z.record(short, z.array(short).max(10_000).nullable()).nullish(),
  "images-by-tag-regex": z.record(short, short).nullish(),
  "images-by-semver": z.record(short, short).nullish(),
})
const skopeoSchema = z.record(short, registrySchema)
type SkopeoRegistry = z.infer<typeof registrySchema>

/** skopeo's own arguments. */
export type SkopeoArguments = {
  /** registry, or registry/path. */
  readonly target: string
  /** With the source's whole name below the target, not its last part alone. */
  readonly scoped: boolean
}

export function importSkopeoSync(text: string, source: string, { target, scoped }: SkopeoArguments): Imported {
  if (target.trim() === "")
    throw new CsscError(
      "ARGUMENT_INVALID",
      "skopeo's file does not say where to: give the target that skopeo sync is given",
    )
  const file = readForeign(skopeoSchema, text, source)
  const below = target.trim().replace(/\/+$/, "")
  const parts = Object.entries(file).map(([registry, own]) => importRegistry(registry, own, { target: below, scoped }))
  const mirrors = parts.flatMap((part) => part.mirrors)
  const notes = parts.flatMap((part) => part.notes)
  return finishImport("skopeo-sync", source, { registries: [], mirrors, notes })
}

type Part = { readonly mirrors: readonly ImportedMirror[]; readonly notes: readonly ImportNote[] }

function importRegistry(registry: string, own: SkopeoRegistry, to: SkopeoArguments): Part {
  const named = Object.entries(own.images ?? {}).map(([image, tags]) =>
    importImage(`${registry}/${image}`, tags ?? [], to),
  )
  const byRegex = Object.entries(own["images-by-tag-regex"] ?? {}).map(([image, regex]) =>
    mirrorOf(`${registry}/${image}`, { regex: unanchored(regex) }, to),
  )
  const ranges = own["images-by-semver"] ?? {}
  const byRange = Object.entries(ranges).map(([image, range]) =>
    mirrorOf(`${registry}/${image}`, { semver: range.replaceAll(",", " ") }, to),
  )
  const rangeNotes = Object.keys(ranges).map((image) => ({
    path: `${registry}.images-by-semver.${image}`,
    note: "read as npm reads ranges; plan shows which tags are meant",
  }))
  return {
    mirrors: [...named.flatMap(({ mirrors }) => mirrors), ...byRegex, ...byRange],
    notes: [...keyNotes(registry, own), ...named.flatMap(({ notes }) => notes), ...rangeNotes],
  }
}

function importImage(name: string, tags: readonly string[], to: SkopeoArguments): Part {
  const digests = tags.filter(isDigest)
  const glob = tags.filter((tag) => !isDigest(tag))
  const notes = digests.map((digest) => ({
    path: `${name}@${digest}`,
    note: "left out: a digest; mirror --source takes one",
  }))
  if (digests.length > 0 && glob.length === 0) return { mirrors: [], notes }
  return { mirrors: [mirrorOf(name, glob.length === 0 ? {} : { glob }, to)], notes }
}

function mirrorOf(name: string, tags: ImportedTags, { target, scoped }: SkopeoArguments): ImportedMirror {
  const source = sourceName(name)
  const own = scoped ? name : name.slice(name.lastIndexOf("/") + 1)
  // skopeo copies no referrers.
  const chosen = Object.keys(tags).length === 0 ? {} : { tags }
  return { source, target: `${target}/${own}`, ...chosen, referrers: "never" }
}

// What is no name stays as it is: reading the imported file tells why.
function sourceName(name: string): string {
  try {
    return repositoryName(parseRepository(name))
  } catch (error) {
    if (error instanceof CsscError) return name
    throw error
  }
}

// A match anywhere is enough for skopeo.
function unanchored(regex: string): string {
  const [begins, ends] = [regex.startsWith("^"), /(?<!\\)\$$/.test(regex)]
  const middle = regex.slice(begins ? 1 : 0, ends ? -1 : undefined)
  return begins && ends && !middle.includes("|") ? middle : `${begins ? "" : ".*"}(?:${middle})${ends ? "" : ".*"}`
}

const table: Readonly<Record<string, string>> = {
  credentials: "a login never stands in the file: pass it by with-registry-auth or --docker-config",
  "tls-verify": "TLS is always verified; plain HTTP is for services bound by with-registry-service alone",
  "cert-dir": "a private CA comes by with-certificate",
}
const known: ReadonlySet<string> = new Set(["images", "images-by-tag-regex", "images-by-semver"])

function keyNotes(registry: string, own: SkopeoRegistry): readonly ImportNote[] {
  return Object.keys(own)
    .filter((key) => !known.has(key))
    .map((key) => {
      const note = Object.hasOwn(table, key) ? table[key] : "no key that is known here: it was left out"
      return { path: `${registry}.${key.slice(0, 80)}`, note: note ?? "" }
    })
}
