// What `oras cp` says of every part that it copied: its word, the beginning of the digest, the media type. It tells no
// sizes: those of parts that were read about before are known, and the others are counted without.
import type { CopiedParts } from "../../core/ports.js"

/** Hexadecimal digits of a digest that oras prints. */
export const SHORT_DIGEST = 12

const line = /^(Copied|Mounted|Exists|Skipped) +([0-9a-f]{12}) \S/

/** `sizes` are bytes by the first digits of a digest. */
export function readCopiedParts(output: string, sizes: ReadonlyMap<string, number>): CopiedParts {
  const count = { moved: 0, mounted: 0, present: 0, movedBytes: 0, mountedBytes: 0, unsized: 0 }
  for (const text of output.split("\n")) {
    const [, word, digest = ""] = line.exec(text) ?? []
    if (word === undefined) continue
    if (word === "Exists" || word === "Skipped") {
      count.present++
      continue
    }
    const size = sizes.get(digest)
    if (size === undefined) count.unsized++
    if (word === "Mounted") {
      count.mounted++
      count.mountedBytes += size ?? 0
    } else {
      count.moved++
      count.movedBytes += size ?? 0
    }
  }
  return count
}
