// Whether a registry refused to move a tag. The specification has no code for it, so registries answer what they like:
// Amazon ECR 400 TAG_INVALID "… cannot be overwritten because the tag is immutable", Harbor 412 PRECONDITION
// "… configured as immutable", Docker Hub 403 DENIED "… cannot be changed due to immutability settings", Google Artifact
// Registry "… has enabled tag immutability", Azure 405 REGISTRY_DISALLOWED_OPERATION for a locked tag.
// aws/containers-roadmap#862, goharbor/harbor#9718, docker/hub-feedback#2466, Azure/acr-cli#70
import type { OciError } from "./oci-error.js"

const telling: ReadonlySet<string> = new Set(["TAG_IMMUTABLE", "REGISTRY_DISALLOWED_OPERATION"])
const conflicts: ReadonlySet<number> = new Set([409, 412])
/** Codes that say something else, so that the status alone must not decide. */
const otherwise: ReadonlySet<string> = new Set(["UNAUTHORIZED", "NAME_UNKNOWN", "TOOMANYREQUESTS", "DIGEST_INVALID"])
const words = /\bimmutab(?:le|ility)\b|\b(?:cannot|can't|can not|not allowed to) be overwritten\b/i

/** A refused PUT of a manifest by tag. */
export type RefusedTag = {
  readonly status: number
  readonly error: OciError | undefined
  /** Names in the registry's message may hold any word. */
  readonly names: readonly string[]
}

/** Looked for in the message alone, with the names that it repeats taken out. */
export function isImmutableTag({ status, error, names }: RefusedTag): boolean {
  const { code = "", message = "" } = error ?? {}
  if (telling.has(code)) return true
  if (words.test(withoutNames(message, names))) return true
  return conflicts.has(status) && !otherwise.has(code)
}

function withoutNames(message: string, names: readonly string[]): string {
  const parts = [...names, ...names.flatMap((name) => name.split("/"))].filter((name) => name.length > 0)
  const longestFirst = [...new Set(parts)].sort((a, b) => b.length - a.length)
  return longestFirst.reduce((text, name) => text.replaceAll(wholeName(name), " "), message)
}

// Not as a part of a longer name: "app" is none of "apple". The registry's own words around it stay.
function wholeName(name: string): RegExp {
  const literal = name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")
  return new RegExp(`(?<![A-Za-z0-9_.-])${literal}(?![A-Za-z0-9_-])`, "g")
}
