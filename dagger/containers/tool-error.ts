// What a failed oras or crane says, as far as it is structured: an answer of a registry with method, URL and status, or
// the registry's error code. Prose is only handed on.
// oras-go errcode.ErrorResponse, oras cmd/oras/internal/errors; go-containerregistry transport.Error; Go's url.Error
import { type Digest, isDigest } from "../../core/oci/digest.js"
import { isErrorCode } from "../../registry/failure/failure-kinds.js"
import type { OciError } from "../../registry/failure/oci-error.js"

export type ToolError = {
  /** The tool's last error line, without its prefix and without the queries of URLs, which may be signed. */
  readonly line: string
  /** Which end of a copy oras means. */
  readonly side?: "source" | "destination"
  /** The answer that ended the command. */
  readonly answer?: { readonly method: string; readonly url: string; readonly status: number }
  /** A request that got no answer. */
  readonly unanswered?: { readonly method: string; readonly url: string }
  readonly error?: OciError
  /** What oras did not find. */
  readonly missing?: Digest
}

const maxLine = 400
const prefix = /^Error(?: from (source|destination) registry(?: for "[^"]*")?| response from registry)?: /
const orasAnswer = /\b(GET|HEAD|PUT|POST|PATCH|DELETE) "([^"\s]+)": response status code (\d{3}): (.*)$/
const craneAnswer = /\b(GET|HEAD|PUT|POST|PATCH|DELETE) (https?:\/\/\S+): unexpected status code (\d{3})\b/
const craneError = /\b(GET|HEAD|PUT|POST|PATCH|DELETE) (https?:\/\/\S+): ([A-Z][A-Z_]+): (.*)$/
const noAnswer = /\b(Get|Head|Put|Post|Patch|Delete) "([^"\s]+)": /
const notFound = /(?:^|\s)(sha(?:256|512):[0-9a-f]+): not found$/

/** Reads a command's messages. */
export function readToolError(stderr: string): ToolError {
  const last = stderr.split("\n").findLast((line) => line.startsWith("Error")) ?? lastLine(stderr)
  const begun = prefix.exec(last)
  const text = begun === null ? last : last.slice(begun[0].length)
  const side = begun?.[1] === "source" || begun?.[1] === "destination" ? ({ side: begun[1] } as const) : {}
  return { line: withoutQueries(text).slice(0, maxLine), ...side, ...structure(text) }
}

function structure(text: string): Omit<ToolError, "line" | "side"> {
  const [, method = "", url = "", status = "", rest = ""] = orasAnswer.exec(text) ?? craneAnswer.exec(text) ?? []
  if (status !== "") return { answer: { method, url, status: Number(status) }, ...errorIn(rest) }
  const [, asked = "", of = "", code = "", message = ""] = craneError.exec(text) ?? []
  if (isErrorCode(code)) return { unanswered: { method: asked, url: of }, error: { code, message } }
  const [, verb = "", target = ""] = noAnswer.exec(text) ?? []
  if (verb !== "") return { unanswered: { method: verb.toUpperCase(), url: target } }
  const missing = notFound.exec(text)?.[1] ?? ""
  return { ...errorIn(text), ...(isDigest(missing) ? { missing } : {}) }
}

// oras-go writes a code in small letters with blanks: "name unknown: repository not known to registry".
function errorIn(text: string): { readonly error?: OciError } {
  const [, words = "", message = ""] = /^([a-z]+(?: [a-z]+)*)(?:: (.*))?$/.exec(text) ?? []
  const code = words.toUpperCase().replaceAll(" ", "_")
  return isErrorCode(code) ? { error: { code, message: withoutQueries(message) } } : {}
}

function lastLine(stderr: string): string {
  return stderr.trim().split("\n").at(-1) ?? ""
}

function withoutQueries(text: string): string {
  return text.replace(/(https?:\/\/[^\s"?]*)\?[^\s"]*/g, "$1")
}
