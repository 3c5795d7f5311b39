// Files that go to the engine by the module's own working folder: handed over as an argument, their whole text would be a
// part of the query, and stand in the trace of every call.
import { randomUUID } from "node:crypto"
import { mkdirSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { dag, type Directory } from "@dagger.io/dagger"

/** Texts by their path in a directory. */
export type Files = Readonly<Record<string, string>>

/** A directory with these files. */
export function scratchDirectory(files: Files): Directory {
  const folder = `cssc-${randomUUID()}`
  for (const [path, text] of Object.entries(files)) {
    const name = join(folder, path)
    // Names hold tags and platforms, which others choose. Their patterns allow no such path; this holds without them.
    if (!name.startsWith(join(folder, "/"))) throw new Error(`"${path}" is no path below its folder`)
    mkdirSync(dirname(name), { recursive: true })
    writeFileSync(name, text)
  }
  return dag.currentModule().workdir(folder)
}
