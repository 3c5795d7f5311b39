// in-toto statements that we make: one subject, named by its repository and bound by its digest.
// https://github.com/in-toto/attestation/blob/v1.1.0/spec/v1/statement.md
import { statementTypes } from "../attestation/statement.js"
import type { Digest } from "../oci/digest.js"

export type Subject = {
  /** Repository of the image, for people. */
  readonly subjectName: string
  readonly subjectDigest: Digest
}

export type BuiltStatement<P> = {
  readonly _type: typeof statementTypes.v1
  readonly subject: readonly [{ readonly name: string; readonly digest: Readonly<Record<string, string>> }]
  readonly predicateType: string
  readonly predicate: P
}

/** A statement of a predicate about one subject. */
export function buildStatement<P>({ subjectName, subjectDigest }: Subject, predicateType: string, predicate: P) {
  const [algorithm = "", hex = ""] = subjectDigest.split(":")
  const statement: BuiltStatement<P> = {
    _type: statementTypes.v1,
    subject: [{ name: subjectName, digest: { [algorithm]: hex } }],
    predicateType,
    predicate,
  }
  return statement
}

/** RFC 3339 in UTC to the second, as evidence has carried it before us. */
export function formatTime(time: Date | string): string {
  return new Date(time).toISOString().replace(/\.\d{3}Z$/, "Z")
}
