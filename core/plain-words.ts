// What a schema objects to, in words for whoever wrote the file: lists and mappings as YAML and JSON call them, and what
// was there instead.
import type { z } from "zod"

const nouns: Readonly<Record<string, string>> = {
  array: "a list",
  object: "a mapping",
  record: "a mapping",
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  null: "nothing",
}

/** For `safeParse(value, { error: plainWords })`; what a schema says in its own words stays. */
export const plainWords: z.core.$ZodErrorMap = (issue) => {
  switch (issue.code) {
    case "invalid_type":
      return issue.input === undefined ? "is missing" : `expected ${nounOf(issue.expected)}, not ${typeOf(issue.input)}`
    case "invalid_value":
      return issue.input === undefined ? "is missing" : `expected ${listOf(issue.values)}${quoted(issue.input)}`
    default:
      return undefined
  }
}

function nounOf(type: string): string {
  return nouns[type] ?? type
}

function typeOf(input: unknown): string {
  if (input === null) return "nothing"
  return nounOf(Array.isArray(input) ? "array" : typeof input)
}

function listOf(values: readonly unknown[]): string {
  const names = values.map(String)
  return names.length === 1 ? names.join() : `one of ${names.join(", ")}`
}

function quoted(input: unknown): string {
  return typeof input === "string" ? `, not ${JSON.stringify(input.slice(0, 80))}` : `, not ${typeOf(input)}`
}
