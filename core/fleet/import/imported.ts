// Another tool's file as one of ours, with a table of what has no counterpart here: nothing is lost in silence.
import { stringify } from "yaml"
import { type z } from "zod"
import { CsscError } from "../../errors.js"
import { plainWords } from "../../plain-words.js"
import { problemsOf } from "../../policy/document/policy-problems.js"
import { readPolicyYaml } from "../../policy/document/policy-yaml.js"
import { parseFleet } from "../config/parse-fleet.js"

/** What was left out or means something else: where it stood, and why or what instead. */
export type ImportNote = { readonly path: string; readonly note: string }

export type ImportedTags = {
  readonly glob?: readonly string[]
  readonly regex?: string
  readonly "exclude-regex"?: string
  readonly semver?: string
}

export type ImportedMirror = {
  readonly source: string
  readonly target: string
  readonly tags?: ImportedTags
  readonly referrers?: "with-image" | "always" | "never"
  readonly platforms?: readonly string[]
  readonly "new-digest"?: true
}

export type ImportedRegistry = {
  readonly name: string
  readonly "requests-per-second"?: number
  readonly concurrency?: number
}

export type ImportedFile = {
  readonly registries: readonly ImportedRegistry[]
  readonly mirrors: readonly ImportedMirror[]
  readonly notes: readonly ImportNote[]
}

export type Imported = {
  readonly schema: "https://cssc.dev/import/v1"
  readonly from: string
  readonly source: string
  /** The fleet file. */
  readonly config: string
  /** Whether it can be used as it is; else the last note says why not. */
  readonly valid: boolean
  readonly mirrors: number
  readonly notes: readonly ImportNote[]
}

/** Reads a file of another tool; throws `FLEET_INVALID` with all problems. */
export function readForeign<T>(schema: z.ZodType<T>, text: string, source: string): T {
  const { problems, value, lineOf } = readPolicyYaml(text, source)
  const parsed = problems.length > 0 ? undefined : schema.safeParse(value, { error: plainWords })
  if (parsed?.success === true) return parsed.data
  const all = parsed === undefined ? problems : problemsOf(parsed.error, lineOf)
  const told = all
    .slice(0, 20)
    .map(({ line, path, message }) => `${line === undefined ? "" : `line ${line}: `}${path}: ${message}`)
  throw new CsscError("FLEET_INVALID", `${source} cannot be imported: ${told.join("; ")}`)
}

/** The file of ours; it is read again, so that what is no fleet file is told and not handed on in silence. */
export function finishImport(from: string, source: string, { registries, mirrors, notes }: ImportedFile): Imported {
  const named = registries.length === 0 ? {} : { registries }
  const head = `# Imported from ${from}'s ${JSON.stringify(source)}; see the notes of config-import.\n`
  const config = `${head}${stringify({ version: 1, ...named, mirrors })}`
  const problem = problemOf(config)
  const all = problem === undefined ? notes : [...notes, { path: "(the imported file)", note: problem }]
  return {
    schema: "https://cssc.dev/import/v1",
    ...{ from, source, config, valid: problem === undefined, mirrors: mirrors.length, notes: all },
  }
}

function problemOf(config: string): string | undefined {
  try {
    parseFleet(config, "the imported file")
    return undefined
  } catch (error) {
    if (error instanceof CsscError) return error.reason
    throw error
  }
}

/** Several regular expressions, each on the whole tag, as one. */
export function anyOf(patterns: readonly string[]): string {
  const bare = patterns.map((pattern) => pattern.replace(/^\^/, "").replace(/(?<!\\)\$$/, ""))
  return bare.length === 1 ? (bare[0] ?? "") : bare.map((pattern) => `(?:${pattern})`).join("|")
}
