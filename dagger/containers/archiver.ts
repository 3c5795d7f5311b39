// Archives images in the toolbox container; what comes out is a directory that the caller can export.
import { type Container, type Directory } from "@dagger.io/dagger"
import { CsscError } from "../../core/errors.js"
import type { Digest } from "../../core/oci/digest.js"
import { bare, type Repository, repositoryName } from "../../core/oci/reference.js"
import type { Registry } from "../../core/ports.js"
import type { ArchivedLayout, Archiver } from "../../core/retire/archive.js"
import type { ArchiveRoot } from "../../core/retire/archive-root.js"
import { retrying, type RetryPolicy } from "../../registry/retry.js"
import { archiveCommands, damagedScript, digestLines, readDamaged } from "./archive-commands.js"
import type { DaggerTools } from "./dagger-tools.js"
import { toolFailure } from "./tool-failure.js"
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
    private readonly registry: Pick<Registry, "resolve">,
    private readonly retry: RetryPolicy,
  ) {}

  async archive(repository: Repository, roots: readonly ArchiveRoot[]): Promise<ArchivedLayout<Directory>> {
    const kept: Directory[] = []
    await retrying(this.retry, async () => {
      const { result, directory } = await this.tools.runKeeping(archiveJob(repository, roots), folder)
      kept.push(directory)
      const action = `archive an image of ${repositoryName(repository)}`
      const ask = () => Promise.all(roots.map(({ digest }) => this.registry.resolve({ ...bare(repository), digest })))
      if (result.exitCode !== 0) throw await toolFailure({ tool: "oras", action, result, ask })
    })
    const [last] = kept.slice(-1)
    if (last === undefined) throw new CsscError("TOOL_FAILED", `nothing archived ${repositoryName(repository)}`)
    return layoutIn(this.toolbox, last)
  }
}

function archiveJob(repository: Repository, roots: readonly ArchiveRoot[]): ToolJob {
  const [{ command, access } = noCommand, ...then] = archiveCommands(repository, roots, folder)
  return { command, access, then, long: true, maxOutputBytes: maxFileBytes }
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
