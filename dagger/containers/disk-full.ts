// A disk that is full is the machine's failure, whichever tool meets it: no other attempt helps, and no registry is asked.
import { CsscError } from "../../core/errors.js"

// ENOSPC and EDQUOT in the words of libc, Go and busybox alike.
const words = /no space left on device|disk quota exceeded/i

/** The failure of a tool that found no room; undefined of any other. */
export function diskFull(action: string, said: string): CsscError | undefined {
  if (!words.test(said)) return undefined
  return new CsscError(
    "DISK_FULL",
    `${action} failed: there is no space left where the tools run: make room for the engine (prune its cache, or a larger disk); what was done until here stays done`,
  )
}
