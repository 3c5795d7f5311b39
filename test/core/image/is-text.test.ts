// What can go wrong: an archive that is written so that it looks like a text passes as a document, and is unpacked.
import { gzipSync } from "node:zlib"
import { describe, expect, it } from "vitest"
import { isText } from "../../../core/image/is-text.js"

/** A tar header of 1979 without a NUL byte; `byte` is added to its name. */
function oldTar(checksum: (sum: number) => string, byte = "a"): Buffer {
  const header = Buffer.alloc(512, " ")
  header.write(`${byte}bin/sh`, 0, "utf8")
  header.write("0000755", 100)
  header.write("00000000004", 124)
  header.write("00000000000", 136)
  const sum = header.reduce((all, one) => all + one, 0)
  header.write(checksum(sum).padEnd(8, " "), 148)
  return Buffer.concat([header, Buffer.from("evil".padEnd(512, " "))])
}
const octal = (sum: number): string => sum.toString(8).padStart(6, "0")

describe("a text", () => {
  it.each([
    ["nothing", ""],
    ["JSON", '{"a":"ü"}'],
    ["a long JSON with numbers", JSON.stringify(Array.from({ length: 1000 }, (_, at) => at))],
    ["a header with another checksum", oldTar((sum) => octal(sum + 1))],
  ])("is %s", (_, content) => {
    expect(isText(Buffer.from(content))).toBe(true)
  })

  it.each([
    ["a gzip", gzipSync("evil")],
    ["what has a NUL byte", "evil\0"],
    ["what is no UTF-8", Buffer.from([0x61, 0xff])],
    ["a bzip2, whose beginning is a text", "BZh91AY&SY"],
    ["a tar of texts alone", oldTar(octal)],
    ["a tar whose checksum has spaces before it", oldTar((sum) => ` ${octal(sum)}`)],
    ["a tar that added up signed bytes", oldTar((sum) => octal(sum - 2 * 256), "ü")],
  ])("is not %s", (_, content) => {
    expect(isText(Buffer.from(content))).toBe(false)
  })
})
