// What a blob that was attached to an image really is. Decided by content, as clients mislabel it: media types and
// artifact types are hints for finding a blob, never for reading it.
import { CsscError } from "../errors.js"
import { foldedKeys } from "../oci/folded-keys.js"
import { isRecord, parseJson } from "../oci/json.js"
import { attestationBounds } from "./bounds.js"
import { readBundle, type SigstoreBundle } from "./bundle.js"
import { type DsseEnvelope, readEnvelope, statementPayload } from "./dsse.js"
import { readStatement, type Statement } from "./statement.js"

/** `document` is the predicate, or the whole blob when nothing is wrapped around it. */
export type Unwrapped =
  | { readonly envelope: "statement" | "dsse" | "bundle"; readonly statement: Statement; readonly document: unknown }
  | { readonly envelope: "document"; readonly statement?: never; readonly document: unknown }

const marks = {
  bundle: ["dsseEnvelope", "verificationMaterial"],
  dsse: ["payloadType", "payload"],
  statement: ["_type", "predicateType"],
  document: ["bomFormat", "spdxVersion"],
} as const

type Kind = keyof typeof marks

// In any case of letters: what another reader would take for a kind must not be that kind here in another spelling.
function hasMark(value: Record<string, unknown>, kind: Kind): boolean {
  return foldedKeys(value, marks[kind]).length > 0
}

/** What was wrapped, and the wrapping that says who signed it: both of one reading. */
export type Opened = {
  readonly unwrapped: Unwrapped
  readonly dsse?: DsseEnvelope
  /** With the value that it was read from. */
  readonly bundle?: SigstoreBundle & { readonly value: unknown }
}

/** Unwraps a blob; `what` names it in errors. Throws `STATEMENT_INVALID` or `LIMIT_EXCEEDED`. */
export function unwrap(bytes: Uint8Array | string, what = "the attestation"): Unwrapped {
  return openAttestation(bytes, what).unwrapped
}

/** Like `unwrap`, with the envelope whose payload was read, to verify exactly that. */
export function openAttestation(bytes: Uint8Array | string, what: string): Opened {
  const value = parseJson(bytes, attestationBounds(what))
  const kind = kindOf(value, what)
  switch (kind) {
    case "bundle": {
      const bundle = readBundle(value, what)
      return {
        unwrapped: fromEnvelope("bundle", bundle.envelope, what),
        dsse: bundle.envelope,
        bundle: { ...bundle, value },
      }
    }
    case "dsse": {
      const dsse = readEnvelope(value, what)
      return { unwrapped: fromEnvelope("dsse", dsse, what), dsse }
    }
    case "statement":
      return { unwrapped: fromStatement("statement", readStatement(value, what)) }
    case "document":
      return { unwrapped: { envelope: "document", document: value } }
  }
}

/** A document that two readers could take for two things is refused: they would judge different content. */
function kindOf(value: unknown, what: string): Kind {
  const kinds = isRecord(value) ? (Object.keys(marks) as Kind[]).filter((kind) => hasMark(value, kind)) : []
  const [kind, second] = kinds
  if (kind === undefined) {
    const expected = "an in-toto statement, a DSSE envelope, a Sigstore bundle, CycloneDX or SPDX"
    throw new CsscError("STATEMENT_INVALID", `${what} is not recognised: expected ${expected}`)
  }
  if (second !== undefined) {
    throw new CsscError("STATEMENT_INVALID", `${what} can be read in ${kinds.length} ways: as ${kinds.join(", ")}`)
  }
  return kind
}

function fromEnvelope(envelope: "dsse" | "bundle", dsse: DsseEnvelope, what: string): Unwrapped {
  const inner = `the statement in ${what}`
  return fromStatement(
    envelope,
    readStatement(parseJson(statementPayload(dsse, what), attestationBounds(inner)), inner),
  )
}

function fromStatement(envelope: "statement" | "dsse" | "bundle", statement: Statement): Unwrapped {
  return { envelope, statement, document: cosignData(statement.predicate) }
}

/** cosign 1 wrapped predicates in `{Data, Timestamp}`, at times as text (sigstore/cosign:pkg/cosign/attestation). */
function cosignData(predicate: unknown): unknown {
  if (!isRecord(predicate) || !("Data" in predicate) || hasMark(predicate, "document")) return predicate
  const { Data } = predicate
  if (typeof Data !== "string") return Data
  try {
    return parseJson(Data, attestationBounds("the predicate's Data"))
  } catch (error) {
    // What is no JSON is free text, which cosign's custom predicates allow; what is JSON has one reading.
    if (error instanceof CsscError && error.cause instanceof SyntaxError) return predicate
    throw error
  }
}
