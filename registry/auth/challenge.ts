// WWW-Authenticate: one header or several, each with one challenge or several.
// https://www.rfc-editor.org/rfc/rfc9110#section-11.6.1
import { z } from "zod"

export type Challenge = { readonly scheme: string; readonly parameters: Readonly<Record<string, string>> }

/** Characters of a header that are read: a longer one is no challenge. */
const maxHeader = 8192

const token = "[!#$%&'*+.^_`|~0-9A-Za-z-]+"
const quoted = '"(?:[^"\\\\]|\\\\.)*"'
const parameter = new RegExp(`(${token})[ \\t]*=[ \\t]*(${quoted}|${token})[ \\t]*(?:,|$)`, "y")
const scheme = new RegExp(`(${token})(?:[ \\t]+|[ \\t]*(?=,|$))`, "y")
const token68 = /[A-Za-z0-9._~+/-]+=*[ \t]*(?:,|$)/y
const separators = /[ \t,]*/y

/** The challenges in their order; what follows something unreadable is left out. Scheme and names in lower case. */
export function parseChallenges(headers: readonly string[]): Challenge[] {
  return headers.filter((header) => header.length <= maxHeader).flatMap(parseHeader)
}

function parseHeader(header: string): Challenge[] {
  const found: { scheme: string; parameters: Record<string, string> }[] = []
  let at = 0
  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at
    const matched = pattern.exec(header)
    if (matched !== null) at = pattern.lastIndex
    return matched
  }
  while (match(separators) !== null && at < header.length) {
    const current = found.at(-1)
    const named = current === undefined ? null : match(parameter)
    if (named !== null) {
      const [, name = "", value = ""] = named
      if (current !== undefined) current.parameters[name.toLowerCase()] ??= unquote(value)
      continue
    }
    const begun = match(scheme)
    if (begun === null) break
    found.push({ scheme: (begun[1] ?? "").toLowerCase(), parameters: Object.create(null) as Record<string, string> })
    const before = at
    if (match(parameter) === null) match(token68)
    else at = before
  }
  return found
}

function unquote(text: string): string {
  return text.startsWith('"') ? text.slice(1, -1).replace(/\\(.)/g, "$1") : text
}

const bearerSchema = z.object({
  realm: z.url({ protocol: /^https?$/ }).max(2048),
  service: z.string().max(1024).optional(),
  scope: z.string().max(4096).optional(),
})
export type BearerChallenge = z.infer<typeof bearerSchema>

/** What of the challenges we can answer. */
export type Answerable = { readonly bearer?: BearerChallenge; readonly basic: boolean }

/** Negotiate, Digest and the like are for others; of several Bearer challenges the first that can be used. */
export function answerable(challenges: readonly Challenge[]): Answerable {
  const bearer = challenges
    .filter((one) => one.scheme === "bearer")
    .map(({ parameters }) => bearerSchema.safeParse({ ...parameters }))
    .find(({ success }) => success)?.data
  return { ...(bearer === undefined ? {} : { bearer }), basic: challenges.some((one) => one.scheme === "basic") }
}
