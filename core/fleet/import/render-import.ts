// An import, told: what has no counterpart, and the file.
import { code, type Content, counted, heading, type Page, paragraph, signed, table } from "../../page/page.js"
import type { Imported } from "./imported.js"

export function renderImport({ from, source, config, valid, mirrors, notes }: Imported): Page {
  const cells = notes.map(({ path, note }): Content[] => [code(path), note])
  return [
    heading(2, signed(valid ? "good" : "bad"), ` ${from} ${source}: ${counted(mirrors, "mirror")}`),
    ...(notes.length === 0
      ? [paragraph("Everything in it has a counterpart.")]
      : [
          heading(3, `Without a counterpart, or otherwise meant (${notes.length})`),
          table(["Where", "What instead"], cells),
        ]),
    heading(3, "cssc.yaml"),
    { kind: "fence", language: "yaml", text: config },
  ]
}
