// What becomes of an image's issue, from what is known now and what was decided before.
import type { Digest } from "../oci/digest.js"
import { expiryOf } from "../policy/document/expiry.js"
import { idsDigest } from "./asked.js"
import type { Marked } from "./mark.js"

export type Known = {
  readonly passed: boolean
  readonly digest: Digest
  readonly remaining: readonly string[]
}

/** `ask` opens or updates; with `record` the request is noted anew, since it is another than before. */
export type Decision =
  | { readonly kind: "ask"; readonly record: boolean }
  | { readonly kind: "close" }
  | { readonly kind: "leave"; readonly why: "nothing to ask" | "approved" | "denied" }

/** `open` is undefined when there is no issue; `marks` are oldest first. */
export function decideIssue(known: Known, open: boolean | undefined, marks: readonly Marked[], now: Date): Decision {
  if (known.passed) return open === true ? { kind: "close" } : { kind: "leave", why: "nothing to ask" }
  const last = marks.findLast(({ kind }) => kind === "request" || kind === "approved" || kind === "denied")
  if (last?.kind === "approved" && isCovered(known, last, now)) return { kind: "leave", why: "approved" }
  if (last?.kind === "denied" && isSame(known, last)) return { kind: "leave", why: "denied" }
  return { kind: "ask", record: !(last?.kind === "request" && isSame(known, last)) }
}

function isSame({ digest, remaining }: Known, mark: { readonly digest: string; readonly ids: string }): boolean {
  return mark.digest === digest && mark.ids === idsDigest(remaining)
}

// A run that knows no override blocks it again every day; that was answered.
function isCovered({ digest, remaining }: Known, mark: Marked<"approved">, now: Date): boolean {
  const named = new Set(mark.cves.map((id) => id.toUpperCase()))
  const end = Date.parse(expiryOf(mark.until) ?? "")
  return (
    mark.digest === digest &&
    remaining.length > 0 &&
    remaining.every((id) => named.has(id.toUpperCase())) &&
    end > now.getTime()
  )
}
