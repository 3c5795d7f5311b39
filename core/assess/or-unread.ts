// What the gate could not read is no silence: it is a problem with a name, which blocks.
import { readFailure } from "../errors.js"
import type { Problem } from "../findings/assessment.js"

/** Reads, or says in `unread` what could not be read and why. */
export async function orUnread<T>(unread: Problem[], what: string, read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read()
  } catch (error) {
    const { code, reason } = readFailure(error)
    unread.push({ code: "EVIDENCE_UNREADABLE", message: `${what} could not be read: [${code}] ${reason}` })
    return undefined
  }
}
