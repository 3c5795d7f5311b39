// in-toto statements: a predicate of a type about subjects, which are named by digest.
// https://github.com/in-toto/attestation/blob/v1.1.0/spec/v1/statement.md and /spec/v0.1.0/statement.md
import { z } from "zod"
import type { Digest } from "../oci/digest.js"
import { checkSchema } from "../oci/json.js"

export const MAX_SUBJECTS = 1000

export const statementTypes = {
  v01: "https://in-toto.io/Statement/v0.1",
  v1: "https://in-toto.io/Statement/v1",
} as const

const subjectSchema = z.object({
  name: z
    .string()
    .nullish()
    .transform((name) => name ?? ""),
  digest: z.record(z.string().max(64), z.string().max(256)),
})

export const statementSchema = z.object({
  _type: z.enum([statementTypes.v01, statementTypes.v1]),
  subject: z.array(subjectSchema).min(1).max(MAX_SUBJECTS),
  predicateType: z.string().min(1).max(1024),
  predicate: z.unknown().optional(),
})

export type Statement = Readonly<z.infer<typeof statementSchema>>

/** Reads a statement from a JSON value; throws `STATEMENT_INVALID`. */
export function readStatement(value: unknown, what: string): Statement {
  return checkSchema(statementSchema, value, "STATEMENT_INVALID", what)
}

/** Tells whether a statement is about a digest: at least one of its subjects has it, whatever the subject's name. */
export function subjectMatches(statement: Statement, digest: Digest): boolean {
  const [algorithm = "", hex] = digest.split(":")
  return statement.subject.some(
    (subject) => Object.hasOwn(subject.digest, algorithm) && subject.digest[algorithm]?.toLowerCase() === hex,
  )
}
