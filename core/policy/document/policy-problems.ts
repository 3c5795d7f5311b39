// What is wrong with a file that people write: every problem at once, each with its path and line.
import type { z } from "zod"
import { CsscError, type ErrorCode } from "../../errors.js"
import { listSome } from "../../list-some.js"

/** `path` as in `exceptions[2].expires`; `(document)` is the file as a whole. */
export type FileProblem = { readonly line?: number; readonly path: string; readonly message: string }

export type LineOf = (path: readonly PropertyKey[]) => number | undefined

/** Problems beyond this many are counted, not shown: of a report, and of an error. */
const maxShown = 1000
const maxInError = 50

/** What to say of an unknown key in the mapping at a path. */
export type UnknownKey = (path: readonly PropertyKey[], key: string) => string

/** All problems that a schema found, in the order of the file. */
export function problemsOf(
  error: z.ZodError,
  lineOf: LineOf,
  unknownKey: UnknownKey = () => "unknown key",
): FileProblem[] {
  return error.issues
    .flatMap((issue) => splitIssue(issue, unknownKey))
    .map(({ path, message }) => problemAt(path, message, lineOf))
    .sort((a, b) => (a.line ?? 0) - (b.line ?? 0))
}

export function problemAt(path: readonly PropertyKey[], message: string, lineOf: LineOf): FileProblem {
  const line = lineOf(path)
  return { ...(line === undefined ? {} : { line }), path: formatPath(path), message }
}

/** `policy.yaml:12: exceptions[2].expires: is not a date`, one line each; `kind` is put before the path. */
export function renderProblems(source: string, problems: readonly FileProblem[], kind = ""): string[] {
  const lines = problems.slice(0, maxShown).map(({ line, path, message }) => {
    return `${source}${line === undefined ? "" : `:${line}`}: ${kind}${path}: ${message}`
  })
  const more = problems.length - maxShown
  return more > 0 ? [...lines, `${source}: ${kind}and ${more} more`] : lines
}

/** One error that lists all that is wrong with a file. */
export function problemsError(code: ErrorCode, source: string, problems: readonly FileProblem[]): CsscError {
  const told = problems.map(({ line, path, message }) => {
    return `${line === undefined ? "" : `line ${line}: `}${path}: ${message}`
  })
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`
  return new CsscError(code, `${source} has ${count}: ${listSome(told, maxInError, "; ")}`)
}

// zod reports all unknown keys of a mapping at once; each deserves its own path.
function splitIssue(issue: z.core.$ZodIssue, unknownKey: UnknownKey): { path: PropertyKey[]; message: string }[] {
  if (issue.code !== "unrecognized_keys") return [{ path: issue.path, message: issue.message }]
  return issue.keys.map((key) => ({ path: [...issue.path, key], message: unknownKey(issue.path, key) }))
}

function formatPath(path: readonly PropertyKey[]): string {
  const text = path.map(formatKey).join("")
  return text === "" ? "(document)" : text.replace(/^\./, "")
}

// A key is the author's text: a strange one is quoted, so that a problem stays on its line.
function formatKey(key: PropertyKey): string {
  if (typeof key === "number") return `[${key}]`
  const name = String(key)
  return /^[\w@<-]{1,100}$/.test(name) ? `.${name}` : `[${JSON.stringify(name.slice(0, 100))}]`
}
