// Whether content is a text, which no runtime unpacks: documents are told from layers of images by it, whatever either is
// called.
import { isUtf8 } from "node:buffer"

const tarHeader = 512
/** Where a tar header keeps its checksum, and what counts as spaces in it. */
const [checksumFrom, checksumTo] = [148, 156]

/**
 * False for whatever could be unpacked: archives have bytes that no UTF-8 has, but for bzip2, which is known by its
 * beginning, and an old tar that is padded with spaces, which is known by its checksum.
 */
export function isText(content: Buffer): boolean {
  if (content.includes(0) || /^BZh[1-9]/.test(content.toString("latin1", 0, 4)) || startsTar(content)) return false
  return isUtf8(content)
}

// All that every reader of tar asks of a header: https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html
function startsTar(content: Buffer): boolean {
  if (content.length < tarHeader) return false
  const [told] = /[0-7]+/.exec(content.toString("latin1", checksumFrom, checksumTo)) ?? []
  if (told === undefined) return false
  const header = Buffer.from(content.subarray(0, tarHeader)).fill(" ", checksumFrom, checksumTo)
  const sum = header.reduce((all, byte) => all + byte, 0)
  // Old ones added up signed bytes.
  const signed = header.reduce((all, byte) => all + (byte > 127 ? byte - 256 : byte), 0)
  return [sum, signed].includes(Number.parseInt(told, 8))
}
