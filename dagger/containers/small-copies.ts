// Copies of small images share an exec, as an exec costs more than to move them. What shares one waits for all of it, so a
// copy with large layers never does, and a slow registry holds up no copies but its own.
import type { ToolJob, ToolResult } from "./tool-job.js"
import { type GroupWork, ToolQueue } from "./tool-queue.js"

/** Bytes that a network moves in the time that an exec costs, about. */
export const MAX_SMALL_COPY_BYTES = 32 * 1024 * 1024
/** Execs at once between the same registries, copies of one exec, and copies side by side in it. */
export const SMALL_COPY_EXECS = 4
export const COPIES_OF_ONE_EXEC = 16
export const COPIES_SIDE_BY_SIDE = 3

/** As many as wait, spread over the execs that may begin. */
export function copiesOfExec(waiting: number, free: number): number {
  return Math.min(COPIES_OF_ONE_EXEC, Math.ceil(waiting / Math.max(free, 1)))
}

/** Whether it is known that a job moves no more than that. */
export function isSmallCopy({ long, bytes }: ToolJob): boolean {
  return long === true && bytes !== undefined && bytes <= MAX_SMALL_COPY_BYTES
}

export class SmallCopies {
  private readonly queues = new Map<string, ToolQueue<ToolJob, ToolResult>>()

  constructor(private readonly work: GroupWork<ToolJob, ToolResult>) {}

  run(job: ToolJob): Promise<ToolResult> {
    const ends = job.access.map(({ side, repository }) => `${side} ${repository.registry}`).join(" ")
    const limits = { groupsAtOnce: SMALL_COPY_EXECS, groupSize: copiesOfExec }
    const queue = this.queues.get(ends) ?? new ToolQueue(this.work, limits)
    this.queues.set(ends, queue)
    return queue.run(job)
  }
}
