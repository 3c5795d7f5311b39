// Reads recorded documents (PROVENANCE.md) and makes descriptors and errors easy to state.
import { readFileSync } from "node:fs"
import { expect } from "vitest"
import type { ErrorCode } from "../../../core/errors.js"
import { type Digest, digestOf } from "../../../core/oci/digest.js"

export function fixture(path: string): Buffer {
  return readFileSync(new URL(`../../fixtures/${path}`, import.meta.url))
}

/** Some digest, the same for the same name. */
export function aDigest(name: string): Digest {
  return digestOf(name)
}

export function aDescriptor(name: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  return { mediaType: "application/vnd.oci.image.manifest.v1+json", digest: aDigest(name), size: 7, ...more }
}

/** Expects an error with a code, and a message that a person can act on. */
export function expectCode(run: () => unknown, code: ErrorCode, message: RegExp | string = /./): void {
  expect(run).toThrow(expect.objectContaining({ name: "CsscError", code }))
  expect(run).toThrow(message)
}
