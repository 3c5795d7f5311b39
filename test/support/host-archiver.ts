// Archives images with oras on this machine: the words that the module runs in its container.
import { execFile } from "node:child_process"
import { mkdtemp, readFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { promisify } from "node:util"
import type { Digest } from "../../core/oci/digest.js"
import type { Repository } from "../../core/oci/reference.js"
import type { ArchivedLayout, Archiver } from "../../core/retire/archive.js"
import type { ArchiveRoot } from "../../core/retire/archive-root.js"
import { archiveCommands, damagedScript, digestLines, readDamaged } from "../../dagger/containers/archive-commands.js"
import { preparedWords } from "../../dagger/containers/tool-script.js"
import { hostTools } from "./parts.js"

const run = promisify(execFile)

export class HostArchiver implements Archiver<string> {
  /** Done to each layout before anybody looks at it: what a broken disk or tool would do. */
  constructor(private readonly harm: (folder: string) => Promise<unknown> = () => Promise.resolve()) {}

  async archive(repository: Repository, roots: readonly ArchiveRoot[]): Promise<ArchivedLayout<string>> {
    const folder = join(await mkdtemp(join(tmpdir(), "cssc-archive-")), "layout")
    const { oras } = await hostTools()
    const env = { ...process.env, PATH: `${dirname(oras)}:${process.env["PATH"] ?? ""}` }
    for (const { command, access } of archiveCommands(repository, roots, folder)) {
      const [tool = "", ...words] = preparedWords({
        command,
        access: access.map(({ side }) => ({ side, plainHttp: true })),
      })
      await run(tool, words, { env, maxBuffer: 1 << 26 })
    }
    await this.harm(folder)
    return layoutAt(folder)
  }
}

export function layoutAt(folder: string): ArchivedLayout<string> {
  return {
    content: folder,
    index: () => readFile(join(folder, "index.json"), "utf8").catch(() => undefined),
    damaged: (digests) => damaged(folder, digests),
  }
}

function damaged(folder: string, digests: readonly Digest[]): Promise<readonly Digest[]> {
  return new Promise((resolve, reject) => {
    const child = execFile("sh", ["-c", damagedScript], { cwd: folder }, (error, stdout) =>
      error === null ? resolve(readDamaged(stdout, digests)) : reject(error),
    )
    child.stdin?.end(digestLines(digests))
  })
}
