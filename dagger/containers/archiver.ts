// Archives images in the toolbox container; what comes out is a directory that the caller can export.
import { type Container, type Directory } from "@dagger.io/dagger"
import { CsscError } from "../../core/errors.js"
import type { Digest } from "../../core/oci/digest.js"
import { type Repository, repositoryName } from "../../core/oci/reference.js"
import type { ArchivedLayout, Archiver } from "../../core/retire/archive.js"
import type { ArchiveRoot } from "../../core/retire/archive-root.js"
import type { RetryPolicy } from "../../registry/retry.js"
import { archiveCommands, damagedScript, digestLines, readDamaged } from "./archive-commands.js"
import type { DaggerTools } from "./dagger-tools.js"
import { OrasClient } from "./oras-client.js"
import type { ToolJob } from "./tool-job.js"

const folder = "/cssc/archive"
/** Each file of a layout may be as large as a layer. */
const maxFileBytes = 64 * 1024 ** 3
const noCommand = { command: ["true"], access: [] } as const

/** Copies out of the registry, each attempt into an empty folder. */
export class DaggerArchiver implements Archiver<Directory> {
  constructor(
    private readonly toolbox: Container,
    private readonly tools: DaggerTools,
    private readonly retry: RetryPolicy,
  ) {}

  async archive(repository: Repository, roots: readonly ArchiveRoot[]): Promise<ArchivedLayout<Directory>> {
    const kept: Directory[] = []
    const run = async (job: ToolJob) => {
      const { result, directory } = await this.tools.runKeeping(job, folder)
      kept.push(directory)
      return result
    }
    await new ArchiveClient({ run }, this.retry).archive(repository, roots)
    const [last] = kept.slice(-1)
    if (last === undefined) throw new CsscError("TOOL_FAILED", `nothing archived ${repositoryName(repository)}`)
    return layoutIn(this.toolbox, last)
  }
}

class ArchiveClient extends OrasClient {
  async archive(repository: Repository, roots: readonly ArchiveRoot[]): Promise<void> {
    const [{ command, access } = noCommand, ...then] = archiveCommands(repository, roots, folder)
    const action = `archive an image of ${repositoryName(repository)}`
    await this.run({ command, access, then, action, long: true, maxOutputBytes: maxFileBytes })
  }
}

/** What an earlier call archived and its caller kept: nothing is copied, all of it is proven again. */
export function givenArchive(toolbox: Container, directory: Directory): Archiver<Directory> {
  return { archive: () => Promise.resolve(layoutIn(toolbox, directory)) }
}

function layoutIn(toolbox: Container, directory: Directory): ArchivedLayout<Directory> {
  return {
    content: directory,
    index: async () => ((await directory.exists("index.json")) ? directory.file("index.json").contents() : undefined),
    damaged: (digests) => findDamaged(toolbox, directory, digests),
  }
}

// The same directory always gives the same answer, so the engine may remember it.
async function findDamaged(
  toolbox: Container,
  directory: Directory,
  digests: readonly Digest[],
): Promise<readonly Digest[]> {
  const printed = await toolbox
    .withMountedDirectory(folder, directory)
    .withWorkdir(folder)
    .withExec(["sh", "-c", damagedScript], { stdin: digestLines(digests) })
    .stdout()
  return readDamaged(printed, digests)
}
