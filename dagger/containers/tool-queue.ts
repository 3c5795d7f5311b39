// Collects what is asked for at the same time, so that it can be done together: while as many groups are under way as
// may be, new requests wait and form the next group.

export type GroupWork<Job, Result> = (jobs: readonly Job[]) => Promise<readonly Result[]>

/** Groups under way at once, and requests in one group. */
export const GROUPS_AT_ONCE = 3
export const GROUP_SIZE = 64

export type QueueLimits = {
  readonly groupsAtOnce: number
  /** Requests of the next group, of so many that wait and groups that may begin. */
  readonly groupSize: (waiting: number, free: number) => number
}

/** As many as wait, spread over the execs that may begin, and at most so many in one. */
export function spreadOver(most: number): QueueLimits["groupSize"] {
  return (waiting, free) => Math.min(most, Math.ceil(waiting / Math.max(free, 1)))
}

const together: QueueLimits = { groupsAtOnce: GROUPS_AT_ONCE, groupSize: () => GROUP_SIZE }

type Waiting<Job, Result> = { job: Job; done: (result: Result) => void; failed: (error: unknown) => void }

export class ToolQueue<Job, Result> {
  private waiting: Waiting<Job, Result>[] = []
  private underWay = 0
  private scheduled = false

  constructor(
    private readonly work: GroupWork<Job, Result>,
    private readonly limits: QueueLimits = together,
  ) {}

  run(job: Job): Promise<Result> {
    return new Promise((done, failed) => {
      this.waiting.push({ job, done, failed })
      this.schedule()
    })
  }

  // The next turn of the event loop: all that this turn asks for is then there.
  private schedule(): void {
    if (this.scheduled || this.waiting.length === 0 || this.free() < 1) return
    this.scheduled = true
    setImmediate(() => {
      this.scheduled = false
      const size = this.limits.groupSize(this.waiting.length, this.free())
      void this.runGroup(this.waiting.splice(0, size))
      this.schedule()
    })
  }

  private free(): number {
    return this.limits.groupsAtOnce - this.underWay
  }

  private async runGroup(group: Waiting<Job, Result>[]): Promise<void> {
    this.underWay++
    try {
      const results = await this.work(group.map(({ job }) => job))
      group.forEach(({ done }, index) => done(results[index] as Result))
    } catch (error) {
      for (const { failed } of group) failed(error)
    } finally {
      this.underWay--
      this.schedule()
    }
  }
}
