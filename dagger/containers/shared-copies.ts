// Copies that have to wait for another one share an exec, which costs as much as to move a small image. All of one exec run
// side by side and end together: so they are few, none is known to be large, and all are between the same registries, whose
// slowness then holds up nobody else.
import type { ToolJob, ToolResult } from "./tool-job.js"
import { type GroupWork, spreadOver, ToolQueue } from "./tool-queue.js"

/** A copy that is known to move more than this has an exec of its own. */
export const MAX_SHARED_COPY_BYTES = 64 * 1024 * 1024
/** Execs at once between the same registries, and copies of one exec. */
export const SHARED_COPY_EXECS = 3
export const COPIES_OF_ONE_EXEC = 3

export const copiesOfExec = spreadOver(COPIES_OF_ONE_EXEC)

/** Whether a long job may share an exec with others. */
export function mayShare({ bytes }: Pick<ToolJob, "bytes">): boolean {
  return bytes === undefined || bytes <= MAX_SHARED_COPY_BYTES
}

export class SharedCopies {
  private readonly queues = new Map<string, ToolQueue<ToolJob, ToolResult>>()

  constructor(private readonly work: GroupWork<ToolJob, ToolResult>) {}

  run(job: ToolJob): Promise<ToolResult> {
    const access = [job, ...(job.then ?? [])].flatMap((command) => command.access)
    const ends = access.map(({ side, repository }) => `${side} ${repository.registry}`).join(" ")
    const limits = { groupsAtOnce: SHARED_COPY_EXECS, groupSize: copiesOfExec }
    const queue = this.queues.get(ends) ?? new ToolQueue(this.work, limits)
    this.queues.set(ends, queue)
    return queue.run(job)
  }
}
