// A folder of this machine as the engine hands it to a verb: entries end in a slash where they are folders, globs are those
// of its tests. For verbs that only read what a caller exported.
import { readdirSync } from "node:fs"
import { readFile } from "node:fs/promises"
import { basename, join } from "node:path"
import type { Directory, File } from "@dagger.io/dagger"
import picomatch from "picomatch"

export function folderDirectory(folder: string): Directory {
  const entries = () =>
    readdirSync(folder, { withFileTypes: true }).map((one) => (one.isDirectory() ? `${one.name}/` : one.name))
  const all = () => readdirSync(folder, { recursive: true, encoding: "utf8" })
  const directory = {
    entries: () => Promise.resolve(entries()),
    glob: (pattern: string) => {
      const isMeant = picomatch(pattern)
      return Promise.resolve(all().filter((path) => isMeant(path)))
    },
    file: (path: string) => fileOf(join(folder, path)),
    directory: (path: string) => folderDirectory(join(folder, path)),
  }
  return directory as unknown as Directory
}

export function fileOf(path: string): File {
  return { contents: () => readFile(path, "utf8"), name: () => Promise.resolve(basename(path)) } as unknown as File
}
