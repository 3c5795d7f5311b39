// How long a registry may take: to begin an answer, to send it, and how slowly. One that answers for ever, a byte at a
// time, is named instead of waited for.

export type Patience = {
  /** Milliseconds without a byte, before the answer or in it. */
  readonly silence: number
  /** Milliseconds that a request may take with its whole answer. */
  readonly total: number
  /** In each stretch of so many milliseconds … */
  readonly stretch: number
  /** … so many bytes of a body have to come, unless it ends. */
  readonly bytes: number
}

/** 1 KiB a second over half a minute is less than the slowest line that anybody works over. */
export const defaultPatience: Patience = { silence: 60_000, total: 180_000, stretch: 30_000, bytes: 30 * 1024 }
